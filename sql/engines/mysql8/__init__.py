"""What MySQL 8 says otherwise than MariaDB."""
