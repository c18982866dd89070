"""Somebody at a terminal."""

import os
import pty
import re
import select
import sys
import termios
import time

from ministack import PATIENCE, until


class Terminal:
    """A shell at a terminal."""

    def __init__(self, folder, environment):
        self.said = self.new = ""
        child, self.fd = pty.fork()
        if not child:
            os.chdir(folder)
            os.execve("/bin/bash", ["bash", "--norc", "--noprofile"], {**environment, "PS1": "typed $?> ", "TERM": "dumb"})
        self.wait({})

    def wait(self, answers):
        """Answers questions until the shell asks for the next line. Returns the exit code of the last one."""
        while True:
            for question, answer in {**answers, r"typed (\d+)> ": None}.items():
                if found := re.search(question, self.new):
                    self.new = self.new[found.end() :]
                    if answer is None:
                        return int(found[1])
                    self.send(answer(found) if callable(answer) else answer, "is not shown" in found[0])
                    break
            else:
                if not select.select([self.fd], [], [], PATIENCE)[0]:
                    sys.exit(f"nothing more came after:\n{self.said}")
                read = os.read(self.fd, 65536).decode(errors="replace")
                self.said, self.new = self.said + read, self.new + read

    def send(self, text, hidden=False):
        if hidden:
            until("the terminal shows nothing", lambda: not termios.tcgetattr(self.fd)[3] & termios.ECHO)
        os.write(self.fd, f"{text}\n".encode())

    def type(self, line, answers):
        """Types a line, which must not fail. Returns what came."""
        started, before = time.monotonic(), len(self.said)
        self.send(line)
        code = self.wait(answers)
        print(f"{time.monotonic() - started:6.1f} s  {line.partition('  #')[0].strip()}")
        if code:
            sys.exit(f"the exit code is {code}:\n{self.said[before:]}")
        return self.said[before:]
