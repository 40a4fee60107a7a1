-- A list of entries that is put together again may be as long as a packet.
SET SESSION group_concat_max_len = 1073741824;
