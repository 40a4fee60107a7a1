-- One run of ours per store: a lock of this connection, gone with it.
EXEC sp_getapplock @Resource = N'opencode-lifecycle', @LockMode = N'Exclusive', @LockOwner = N'Session', @LockTimeout = 0;
