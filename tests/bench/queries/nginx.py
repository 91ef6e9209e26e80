"""nginx as the peer of queries: `auth_request` asks the stub of the registration system, `proxy_pass` that of the library."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Iterator

from asked_host import CARD, ROOT, UNIT, citizen, request_bytes

sys.path.insert(0, str(ROOT / "tests" / "bench" / "peers"))
from machine import Group, free_port, listens, until  # noqa: E402

CONFIGURATION = """daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
  access_log {folder}/access.log combined;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  upstream registration {{ server 127.0.0.1:{stub}; keepalive 64; keepalive_requests 1000000; }}
  upstream library {{ server 127.0.0.1:{stub}; keepalive 64; keepalive_requests 1000000; }}
  server {{
    listen 127.0.0.1:{port};
    keepalive_requests 1000000;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    location = /query {{
      auth_request /case;
      proxy_pass http://library/epoint/rest/cert/search?access_token=t;
    }}
    location = /case {{
      internal;
      proxy_pass http://registration/case/$arg_case;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
    }}
  }}
}}
"""


class Nginx:
    """Two workers, with a log of accesses that is not synced."""

    def __init__(self, folder: Path, group: Group, stub: int) -> None:
        self.folder, self.group, self.port = folder, group, free_port()
        (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, stub=stub, port=self.port), "utf-8")

    def start(self) -> None:
        """Start and wait until it serves."""
        self.group.start(["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")], self.folder / "nginx.out")
        until(lambda: listens(self.port), "nginx starts")

    def requests(self, count: int, first: int = 0) -> Iterator[bytes]:
        """What our host asks the library, as nobody asks it otherwise."""
        for number in range(first, first + count):
            code = citizen(number)
            params: dict[str, Any] = {
                "certownerno": code, "certownertype": "1", "certownername": "测试", "tycertcatcode": CARD,
                "usepurpose": "registration", "useitem": "BDC-2000402", "usebasis": code, "useunit": UNIT, "useperson": "无"}
            body = json.dumps({"params": params}, ensure_ascii=False).encode()
            yield request_bytes(f"/query?case={code}", body, {})
