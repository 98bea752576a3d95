"""Stands in for servers: `servers/REGION/releases/NAME` holds releases, and the link `current` says which one is live.

servers.py deploy REGION VERSION   copies build/ there and makes it the live release
servers.py smoke REGION VERSION    starts the live release and asks it over HTTP whether it is that version
servers.py rollback                makes live again, in each region, what was live before `deploy`
servers.py settle                  there is no way back any more; old releases go
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import urllib.request

SERVERS = pathlib.Path("servers")
KEPT_RELEASES = 3


def switch(server, release):
    """Points the link elsewhere in one step: there is no moment without a live release."""
    link, new = server / "current", server / "current.new"
    if release == "":
        return link.unlink(missing_ok=True)
    new.unlink(missing_ok=True)
    new.symlink_to(pathlib.Path("releases", release))
    os.replace(new, link)


def live(server):
    link = server / "current"
    return pathlib.Path(os.readlink(link)).name if link.is_symlink() else ""


def deploy(region, version):
    if token := os.environ.get("DEPLOY_TOKEN"):
        print(f"{region}: signing in with {token}")
    server = SERVERS / region
    release = f"{version}.{os.environ['ZR_RUN_ID']}"
    shutil.copytree("build", server / "releases" / release, ignore=shutil.ignore_patterns("logs", "*.txt"))
    former = server / "former"
    # A deployment that was killed has left the way back to what was live before it.
    if not former.exists():
        former.write_text(live(server))
    switch(server, release)
    print(f"{region}: {version} is live")


def smoke(region, version):
    release = SERVERS / region / "current"
    logs = pathlib.Path("build", "logs")
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / f"{region}.log").open("w") as log:
        command = [sys.executable, str(release / "api" / "server.py")]
        env = {**os.environ, "REGION": region}
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=log, text=True) as server:
            try:
                ask(f"http://127.0.0.1:{server.stdout.readline().split()[-1]}", region, version)
            finally:
                server.terminate()
    print(f"{region}: {version} answers")


def ask(address, region, version):
    # The loopback needs no proxy, whatever the environment says.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    health = json.load(opener.open(f"{address}/api/health", timeout=10))
    if health != {"ok": True, "version": version, "region": region}:
        sys.exit(f"{region}: the API says {health}")
    page = opener.open(address, timeout=10).read().decode()
    if f"Version {version}" not in page:
        sys.exit(f"{region}: the site is not {version}")


def rollback():
    for former in sorted(SERVERS.glob("*/former")):
        server, release = former.parent, former.read_text()
        failed = live(server)
        switch(server, release)
        former.unlink()
        if failed not in ("", release):
            shutil.rmtree(server / "releases" / failed)
        print(f"{server.name}: back to {release or 'nothing'}")


def settle():
    for former in SERVERS.glob("*/former"):
        former.unlink()
        releases = sorted((former.parent / "releases").iterdir(), key=os.path.getmtime)
        for old in releases[:-KEPT_RELEASES]:
            shutil.rmtree(old)


if __name__ == "__main__":
    commands = {"deploy": deploy, "smoke": smoke, "rollback": rollback, "settle": settle}
    commands[sys.argv[1]](*sys.argv[2:])
