"""A private Galera cluster of three MariaDB nodes on loopback: one data folder, copied, so that no node needs another's
state when it joins, and no program of the packages that a state transfer would take.

    with Galera() as cluster: cluster.url("db"), cluster.nodes[1].kill(), cluster.nodes[1].start()
"""

import contextlib
import os
import re
import time
import uuid
from pathlib import Path
from urllib.parse import quote

from engines_here import EngineMissing, driver, free_port
from private_servers import USER, MariaDB

NODES = 3
LIBRARIES = ("/usr/lib/galera/libgalera_smm.so", "/usr/lib/libgalera_smm.so", "/usr/lib64/galera-4/libgalera_smm.so")
STATE = "# GALERA saved state\nversion: 2.1\nuuid:    {}\nseqno:   0\nsafe_to_bootstrap: {}\n"
# What a node asks for when it joins, and a donor runs. Nodes begin with the same data, and what a killed one has missed
# it gets from a donor's own memory of it (IST): the script only hands on which position that begins at.
TRANSFER = """#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in
    --role) role=$2; shift ;;
    --address) address=$2; shift ;;
    --gtid) gtid=$2; shift ;;
    --bypass) bypass=1 ;;
  esac
  shift
done
at=SHARED/$(echo "$address" | tr -c '0-9\n' _)
if [ "$role" = joiner ]; then
  rm -f "$at"
  echo "ready $address"
  while [ ! -s "$at" ]; do sleep 0.02; done
  cat "$at"
elif [ "$bypass" ]; then
  echo "$gtid" >"$at.new" && mv "$at.new" "$at"
  echo "done $gtid"
else
  exit 22
fi
"""
SYNCED = "SELECT 1 FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'wsrep_local_state_comment' " \
         "AND VARIABLE_VALUE = 'Synced'"


def library():
    """The provider that makes a cluster of MariaDB."""
    found = next((place for place in LIBRARIES if Path(place).exists()), None)
    if not found:
        raise EngineMissing("Galera is not installed (no libgalera_smm.so)")
    return found


class Node(MariaDB):
    """One node. `first` is the node whose data it begins with; the first one has none. Killed, it comes back by what
    the others have written meanwhile."""

    def __init__(self, number, uuid, groups, first=None, **settings):
        self.number, self.uuid, self.groups, self.first = number, uuid, groups, first
        self.provider, self.fresh = library(), True
        self.transfer = free_port()
        super().__init__(**settings)

    def make(self):
        if self.first:
            self.password = self.first.password
            self.run("cp", "-a", self.first.folder / "data", self.folder / "data")
        else:
            super().make()
        state = STATE.format(self.uuid, 0 if self.first else 1)
        self.run("sh", "-c", f'printf "%s" "{state}" > data/grastate.dat')
        shared = (self.first or self).folder
        transfer = TRANSFER.replace("SHARED", str(shared))
        self.run("sh", "-c", 'printf "%s" "$0" > wsrep_sst_given && chmod 755 wsrep_sst_given', transfer)

    def command(self):
        group = self.groups[self.number]
        options = {
            "base_host": "127.0.0.1", "base_port": group, "gmcast.listen_addr": f"tcp://127.0.0.1:{group}",
            "ist.recv_addr": f"127.0.0.1:{self.transfer}", "gcache.size": "32M", "evs.keepalive_period": "PT0.5S",
            "evs.suspect_timeout": "PT2S",
            "evs.inactive_timeout": "PT6S", "evs.inactive_check_period": "PT0.2S", "pc.recovery": "false",
        }  # fmt: skip
        settings = {
            "wsrep_on": "ON", "wsrep_provider": self.provider, "wsrep_cluster_name": "lifecycle",
            "wsrep_cluster_address": "gcomm://" + ",".join(f"127.0.0.1:{port}" for port in self.groups),
            "wsrep_node_name": f"n{self.number}", "wsrep_node_address": "127.0.0.1",
            "wsrep_node_incoming_address": f"127.0.0.1:{self.port}", "wsrep_sst_method": "given",
            "wsrep_sst_receive_address": f"127.0.0.1:{self.transfer}",
            "wsrep_provider_options": ";".join(f"{name}={value}" for name, value in options.items()),
            "binlog_format": "ROW", "innodb_autoinc_lock_mode": 2,
        }  # fmt: skip
        plain = ["/usr/bin/env", f"PATH={self.folder}:{os.defpath}", *super().command()]
        return self.entering([*plain, *(f"--{name}={value}" for name, value in settings.items())])

    def entering(self, plain):
        """How it joins: the first one begins the cluster; a killed one says where it stopped."""
        if self.fresh:
            self.fresh = False
            return plain if self.first else [*plain, "--wsrep-new-cluster"]
        said = self.run(*plain, "--wsrep-recover")
        return [*plain, "--wsrep_start_position=" + re.findall(r"Recovered position: (\S+)", said)[-1]]

    def _ready(self):
        return super()._ready() and self.synced()

    def synced(self, seconds=60):
        """Wait until it takes part."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(driver(*self.driver).MySQLError), self.connect() as connection, \
                    connection.cursor() as cursor:
                if cursor.execute(SYNCED):
                    return True
            time.sleep(0.05)
        return False

    def provide(self):
        if not self.first:
            super().provide()


class Galera:
    """Three nodes; `settings` are of all of them. A context manager."""

    def __init__(self, **settings):
        self.nodes = []
        groups, name = [free_port() for _ in range(NODES)], str(uuid.uuid4())
        try:
            for number in range(NODES):
                first = self.nodes[0] if number else None
                self.nodes.append(Node(number, name, groups, first, **settings))
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def admin_url(self):
        return self.nodes[0].admin_url

    def url(self, database, *numbers):
        """The URL of a database through these nodes, in their order; all by default."""
        first = self.nodes[0]
        chosen = [self.nodes[number] for number in numbers or range(NODES)]
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in chosen)
        return f"{first.scheme}://{USER}:{quote(first.password, safe='')}@{hosts}/{database}"

    def close(self):
        for node in reversed(self.nodes):
            node.close()
