-- Hold a file of our own against a second run; the kernel lets go of it when we die.
BEGIN EXCLUSIVE;
