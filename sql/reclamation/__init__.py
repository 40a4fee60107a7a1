"""Space without removal of sessions: what each kind takes, keeps and brings back."""
