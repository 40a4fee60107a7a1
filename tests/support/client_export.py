"""A small file as `opencode export` writes it."""

DOCUMENT = {
    "info": {"id": "ses_x", "slug": "s", "projectID": "global", "directory": "/", "title": "t", "version": "1",
             "cost": 1, "tokens": {"cache": {"read": 1}}, "summary": {"files": 1}, "share": {"url": "u"},
             "time": {"created": 1, "updated": 1}},
    "messages": [{"info": {"id": "msg_x", "role": "user", "time": {"created": 1}},
                  "parts": [{"id": "prt_x", "type": "text", "text": "t"}]}],
}
