"""The back end: GET /api/health, and the site's files for everything else."""

import http.server
import json
import os
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
HEALTH = {
    "ok": True,
    "version": (HERE / "version").read_text().strip(),
    "region": os.environ.get("REGION", ""),
}


class Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *args):
        super().__init__(*args, directory=str(HERE.parent / "site"))

    def do_GET(self):
        if self.path != "/api/health":
            return super().do_GET()
        body = json.dumps(HEALTH).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    # The system chooses a port where none is given; whoever started the server reads it from the first line.
    address = ("127.0.0.1", int(os.environ.get("PORT", "0")))
    with http.server.ThreadingHTTPServer(address, Handler) as server:
        print(f"listening on {server.server_address[1]}", flush=True)
        server.serve_forever()
