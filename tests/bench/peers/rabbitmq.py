"""RabbitMQ with an HTTP front and four consumers: classic or quorum queue, blocking or pipelined front."""

from __future__ import annotations

import secrets
from pathlib import Path

from machine import Group, free_port, listens, until


class RabbitMq:
    """One broker and one front, with ports and a folder of their own."""

    durable, needs = True, ("rabbitmq",)
    name = queue = front = ""

    def __init__(self, build: Path, folder: Path, group: Group, sink: int, slow: dict[str, str]) -> None:
        self.program = build / "bench" / "peers" / "rabbit_front"
        self.folder, self.group, self.sink, self.slow = folder, group, sink, slow
        self.port, self.amqp, self.epmd, self.path = free_port(), free_port(), free_port(), "/push"
        cookie = folder / ".erlang.cookie"
        cookie.write_text(secrets.token_hex(16))
        cookie.chmod(0o400)
        (folder / "rabbitmq.conf").write_text("listeners.tcp.1 = 127.0.0.1:%d\nlog.file.level = warning\n" % self.amqp)
        (folder / "plugins").write_text("[].")

    def start(self) -> None:
        """Start broker, front and consumers, also after a kill on the same folder."""
        log = self.folder / "rabbitmq.log"
        epmd = {"ERL_EPMD_PORT": str(self.epmd), "ERL_EPMD_ADDRESS": "127.0.0.1"}
#In the foreground and in the group : it would outlive the broker otherwise.
        self.group.start(["epmd"], log, epmd)
        until(lambda: listens(self.epmd), "epmd starts")
        self.group.start(["/usr/lib/rabbitmq/bin/rabbitmq-server"], log, {
            **epmd, **self.slow, "HOME": str(self.folder), "RABBITMQ_NODENAME": "bench@localhost",
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"), "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"), "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}"})
        until(lambda: listens(self.amqp), "RabbitMQ starts", 180)
        self.group.start([str(self.program), self.front, self.queue, str(self.port), str(self.amqp),
                          str(self.sink)], log)
        until(lambda: listens(self.port), "RabbitMQ's front starts")


class ClassicBlocking(RabbitMq):
    name, queue, front = "RabbitMQ classic, blocking front", "classic", "blocking"


class QuorumBlocking(RabbitMq):
    name, queue, front = "RabbitMQ quorum, blocking front", "quorum", "blocking"


class ClassicPipelined(RabbitMq):
    name, queue, front = "RabbitMQ classic, pipelined front", "classic", "pipelined"


class QuorumPipelined(RabbitMq):
    name, queue, front = "RabbitMQ quorum, pipelined front", "quorum", "pipelined"
