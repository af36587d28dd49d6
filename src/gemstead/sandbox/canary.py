"""A program that tries what no guest may do, and what every honest one may. It is the first guest of every rung."""

from __future__ import annotations

ENTRY_POINT = "canary"

PROGRAM = """
import ctypes, os, signal, socket, threading
from os import environ

libc = ctypes.CDLL(None, use_errno=True)

def unless_error(result):
    if result is None or (isinstance(result, int) and result < 0):
        raise OSError(ctypes.get_errno(), "refused")

def canary(secret, home):
    def read(path):
        with open(path, "rb") as file:
            file.read(1)

    def write(path):
        with open(path, "w") as file:
            file.write("x")

    def fork():
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)

    def connect(family, address):
        with socket.socket(family) as end:
            end.connect(address)

    def read_root_file():
        if os.getuid() and os.geteuid():
            raise PermissionError("not root")

    def host_processes():
        read(f"/proc/{os.getppid()}/environ")

    def thread():
        started = threading.Thread(target=lambda: None)
        started.start()
        started.join()

    def own_file():
        with open("canary.txt", "w") as file:
            file.write("x")
        os.unlink("canary.txt")

    def import_library():
        import csv, sqlite3

    forbidden = {
        "be root": read_root_file,
        "read a file of the user": lambda: read(secret),
        "write beside it": lambda: write(secret + ".new"),
        "list the user's home": lambda: os.listdir(home),
        "read /etc/passwd": lambda: read("/etc/passwd"),
        "see another process": host_processes,
        "start a process": fork,
        "run a program": lambda: os.execv("/bin/true", ["true"]),
        "open a TCP socket": lambda: connect(socket.AF_INET, ("127.0.0.1", 9)),
        "open a Unix socket": lambda: connect(socket.AF_UNIX, secret),
        "signal its parent": lambda: os.kill(os.getppid(), 0),
        "signal everyone": lambda: os.kill(-1, 0),
        "trace": lambda: unless_error(libc.ptrace(16, os.getppid(), 0, 0)),
        "enter a namespace": lambda: unless_error(libc.unshare(0x10000000)),
        "mount": lambda: unless_error(libc.mount(b"none", b"/", b"tmpfs", 0, None)),
        "change a mode": lambda: os.chmod(".", 0o777),
        "write to /dev/shm": lambda: write("/dev/shm/gemstead-canary"),
    }
    allowed = {"start a thread": thread, "write in its own directory": own_file, "import": import_library}
    report = {}
    for act, attempt in forbidden.items():
        try:
            attempt()
            report[act] = "was not refused"
        except OSError:
            report[act] = ""
    for act, attempt in allowed.items():
        try:
            attempt()
            report[act] = ""
        except Exception as error:
            report[act] = f"was refused: {error!r}"
    given = "PATH HOME TMPDIR LANG LC_CTYPE OPENBLAS_NUM_THREADS PYTHONHASHSEED PWD".split()
    extra = set(environ) - set(given)
    report["see the environment"] = f"sees {sorted(extra)}" if extra else ""
    return report
"""
