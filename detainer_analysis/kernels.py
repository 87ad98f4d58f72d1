"""Kernels for notebooks, each of this interpreter, and where that is safe a copy of one that has read the libraries.

To read pandas, matplotlib and statsmodels takes longer than to run most notebooks.
"""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import gc
import json
import os
import signal
import sys
import threading
import uuid
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from subprocess import PIPE, Popen
from types import SimpleNamespace
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager, KernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets.config import Config

CAN_COPY = sys.platform == "linux"  # elsewhere, system libraries do not bear to be copied
READ_ONCE = (
    "detainer_analysis.figures.display",
    "detainer_analysis.ledger.ledger",
    "statsmodels.genmod.generalized_linear_model",
)
# A reader's own settings would change what a kernel prints or draws.
FOREIGN_SETTINGS = ("MPLBACKEND", "PYTHONWARNINGS", "PYTHONSTARTUP", "MATPLOTLIBRC", "JUPYTER_PATH")
# Sums in another order differ in the last digits, and threads of several jobs on one machine wait for each other.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
PRIVATE_FOLDERS = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "MPLCONFIGDIR")
FIGURES_FOLDER = "DETAINER_FIGURES"  # where `figures.show` saves; without it, nothing is saved


def isolate(environment: MutableMapping[str, str], cache: Path) -> None:
    """Shut the settings of the machine's user out of every kernel started with `environment`.

    Linear algebra gets one thread, whatever the machine has.
    """
    for name in FOREIGN_SETTINGS:
        environment.pop(name, None)
    for name in ONE_THREAD:
        environment[name] = "1"
    for name in PRIVATE_FOLDERS:
        folder = cache / name.lower()
        folder.mkdir(parents=True, exist_ok=True)
        environment[name] = str(folder)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class OwnKernel(AsyncKernelManager):
    """Starts a kernel of this interpreter only: what other environments put on Jupyter's path is not looked at.

    Parameters
    ----------
    sockets : pathlib.Path
        An empty folder through which manager and kernel talk: a port that is free when it is chosen may be taken when
        the kernel comes to it. Not used on Windows.
    copier : Copier, optional
        Who starts the kernel; without one it starts as any program does.
    """

    def __init__(self, sockets: Path, copier: Copier | None = None) -> None:
        # Encryption is asked for where the kernel has it; without the setting each kernel warns on stderr.
        config = Config({"KernelManager": {"transport_encryption": "auto"}})
        specs = KernelSpecManager(kernel_dirs=[])
        super().__init__(kernel_spec_manager=specs, kernel_name="python3", config=config)
        if os.name == "posix":
            self.transport, self.ip = "ipc", str(sockets / "socket")
        if copier:
            copier.serve(self)


@dataclass
class Copier:
    """A program that has read the libraries and starts kernels as copies of itself, until it is ended."""

    program: Popen[bytes]
    turn: threading.Lock

    def serve(self, manager: KernelManager) -> None:
        """Start the kernel of `manager`, when it asks for it."""
        manager.provisioner = _Copied(kernel_id=str(uuid.uuid4()), kernel_spec=manager.kernel_spec, parent=manager)
        manager.provisioner.copier = self

    def start(self, connection: str, folder: str, environment: Mapping[str, str]) -> int:
        """The number of the process that is the kernel with this connection file."""
        assert self.program.stdin
        assert self.program.stdout
        with self.turn:
            self.program.stdin.writelines([json.dumps([connection, folder, dict(environment)]).encode(), b"\n"])
            return int(self.program.stdout.readline())


@contextlib.contextmanager
def copier(environment: Mapping[str, str]) -> Iterator[Copier]:
    """Start a program that copies itself, in its own group of processes; with it end the kernels that it started."""
    command = [sys.executable, "-c", f"from {__name__} import serve; serve()"]
    # Without buffers: at the end, nothing is left to be written to a program that has ended.
    with Popen(command, bufsize=0, stdin=PIPE, stdout=PIPE, env=environment, start_new_session=True) as program:
        try:
            yield Copier(program, threading.Lock())
        finally:
            program.kill()


class _Copied(LocalProvisioner):
    copier: Copier

    async def launch_kernel(self, cmd: list[str], **settings: Any) -> KernelConnectionInfo:
        connection = cmd[cmd.index("-f") + 1]
        # In a thread: the first kernel waits until the libraries have been read.
        pid = await asyncio.to_thread(self.copier.start, connection, str(settings["cwd"]), settings["env"])
        self.pid, self.pgid, self.process = pid, pid, cast(Popen[bytes], _Process(pid))  # pyrefly: ignore[bad-override-mutable-attribute]
        return self.connection_info


@dataclass(frozen=True)
class _Process:
    """A process that another one has started, with what a provisioner asks of its own."""

    pid: int
    stdin = stdout = stderr = None

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 1
        return None

    wait = poll

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)


def serve() -> None:
    """Read the libraries; then start a kernel for each line of standard input and answer with its process."""
    from ipykernel.kernelapp import IPKernelApp

    # Libraries ask when they are read whether that is in a notebook.
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    builtins.get_ipython = lambda: SimpleNamespace(kernel=True)  # pyrefly: ignore[missing-attribute]
    for name in READ_ONCE:
        import_module(name)
    # The library that checks tables reads the rest of itself when it checks the first.
    import_module("pandera.pandas").DataFrameSchema().validate(import_module("pandas").DataFrame())
    gc.freeze()  # copies need not look through all this for what nobody holds
    sys.path.remove("")  # the folder of the command; each kernel adds its own
    del builtins.get_ipython  # pyrefly: ignore[missing-attribute]

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the copies
    parent = os.getpid()
    for line in sys.stdin:
        if kernel := os.fork():
            print(kernel, flush=True)
            continue
        connection, folder, environment = json.loads(line)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # what asks for other kernels is not for this one
        os.dup2(2, 1)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv[1:] = ["-f", connection]
        IPKernelApp.launch_instance(parent_handle=parent)
        os._exit(0)
