-- Read all of a tree in one state of the store, without keeping anybody from writing.
BEGIN;
