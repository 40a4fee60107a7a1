"""A private PgBouncer before a private Postgres."""

from engines_here import program
from private_servers import USER, Server, driver

SETTINGS = """[databases]
* = host=127.0.0.1 port={port} user={user} password='{password}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
"""


class PgBouncer(Server):
    """`mode` is its pool_mode, `size` how many connections of the server it shares out."""

    scheme, admin_database = "postgresql", "postgres"

    def __init__(self, behind, mode, size=5):
        self.behind, self.mode, self.size = behind, mode, size
        self.driver, self.server_program = behind.driver, program("PgBouncer", "pgbouncer")
        super().__init__(["postgres"], 15, password="any")

    def make(self):
        pass

    def command(self):
        text = SETTINGS.format(port=self.behind.port, user=USER, password=self.behind.password.replace("'", "''"),
                               own=self.port, mode=self.mode, size=self.size)
        self.run("sh", "-c", 'printf "%s" "$0" > settings', text)
        return [self.server_program, self.folder / "settings"]

    def provide(self):
        pass

    def connect(self):
        return driver(*self.driver).connect(self.admin_url)
