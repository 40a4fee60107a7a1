-- End a connection of the server that is dead on our side, and holds our locks.
KILL CONNECTION :process;
