"""A stop that is asked for holds, whoever asks and whenever."""

import subprocess
import threading

from scheduler.signals import StopSignal
from tests.processes import ROOT, child_environment, python

ASKED_BY_A_HANDLER = """
import signal, threading
from scheduler.signals import StopSignal

def ask(*_):
    stop.set()

signal.signal(signal.SIGUSR1, ask)
for _ in range(300):
    stop = StopSignal()
    threading.Timer(0.002, signal.pthread_kill, (threading.main_thread().ident, signal.SIGUSR1)).start()
    while not stop.wait(0):
        pass
"""


def test_a_stop_holds_from_the_moment_it_is_asked_for() -> None:
    stop = StopSignal()
    assert not stop.wait(0)
    threading.Timer(0.01, stop.set).start()
    assert stop.wait()
    assert stop.wait(0)
    assert stop.wait()


def test_a_handler_of_the_thread_that_waits_may_ask() -> None:
    subprocess.run(python("-c", ASKED_BY_A_HANDLER), cwd=ROOT, env=child_environment(), timeout=60, check=True)
