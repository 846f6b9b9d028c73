"""A process that gets ready once, beside the one that starts it, and forks a child for whoever asks."""

from __future__ import annotations

import atexit
import os
import pickle
import shutil
import signal
import socket
import sys
import tempfile
import traceback
from pathlib import Path
from socketserver import ForkingMixIn, StreamRequestHandler, UnixStreamServer

HERE = b"\n"  # what a child says first


class Child(StreamRequestHandler):
    """Computes what it is sent, a function and its arguments, and sends back the exception or the result."""

    def handle(self):
        if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # ends it; an exception would be the cell's
        self.wfile.write(HERE)
        function, arguments = pickle.load(self.rfile)
        try:
            answer = None, function(*arguments)
        except Exception as error:
            error.add_note(traceback.format_exc())
            answer = error, None
        pickle.dump(answer, self.wfile)


class Nursery(ForkingMixIn, UnixStreamServer):
    """Serves from when `prepare` has returned until the process that started it ends, or stops it.

    That process and all that it forks may ask. Raises OSError where no socket can be made among the temporary files.
    """

    request_queue_size = 128  # they may ask before it is ready

    def __init__(self, prepare, *arguments):
        self.folder = tempfile.mkdtemp()
        self.parent = os.getpid()
        try:
            super().__init__(str(Path(self.folder, "socket")), Child)
        except OSError:
            shutil.rmtree(self.folder)
            raise
        self.process = os.fork()
        if not self.process:
            self._serve(prepare, arguments)
        self.socket.close()
        atexit.register(self.stop)

    def _serve(self, prepare, arguments):
        try:
            prepare(*arguments)
            self.serve_forever()
        finally:
            os._exit(1)

    def service_actions(self):
        super().service_actions()
        if os.getppid() != self.parent:
            shutil.rmtree(self.folder)
            os._exit(1)

    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):  # whoever asked has ended
            super().handle_error(request, client_address)

    def ask(self, function, *arguments):
        """``function(*arguments)`` as a child computes it.

        Raises what it raises; EOFError if the child dies; ConnectionError if the nursery has died.
        """
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self.server_address)
            with line.makefile("rwb") as talk:
                if talk.read(1) != HERE:
                    raise ConnectionError
                pickle.dump((function, arguments), talk)
                talk.flush()
                error, result = pickle.load(talk)
        if error is not None:
            raise error
        return result

    def stop(self):
        """End it, and take away what it left; in processes that its parent forked, do nothing."""
        if os.getpid() == self.parent:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
            shutil.rmtree(self.folder)
            atexit.unregister(self.stop)
