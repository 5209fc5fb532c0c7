"""Opening a workspace's files so that no file can hurt: links out, pipes, giants, binaries, foreign encodings. Never writes.

Everything that is wrong with a file as such becomes a finding here; what its text says is others' work.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from yunwang.inventories.finding import Finding
from yunwang.inventories.place import Place

MIB = 1024 * 1024
YAML_LIMIT = 8 * MIB
TABLE_LIMIT = 64 * MIB


class Folder:
    """A workspace's folder: reads files below it, keeps the faults it met and the content it read (for the digest)."""

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))
        self.findings: list[Finding] = []
        self.contents: dict[str, bytes] = {}

    def fault(self, file: str, code: str, message: str, remedy: str, line: int = 0, column: int = 0) -> None:
        """Keep a fault of a file as such; `message` goes on after the file's name."""
        self.findings.append(Place(file, line, column).finding(code, f"{file or 'the workspace'} {message}", remedy))

    def names(self, folder: str) -> list[str]:
        """What is in a folder, sorted; nothing when there is no such folder. Names that are not UTF-8 are findings."""
        path = self._inside(folder)
        if path is None or not os.path.lexists(path):
            return []
        try:
            found = sorted(os.listdir(path))  # noqa: PTH208 (names alone are wanted, and a million Path objects are not)
        except OSError as error:
            self.fault(
                folder, "not-a-folder", f"cannot be listed as a folder: {error.strerror}", "make it a folder that you can read"
            )
            return []
        return [name for name in found if self._named(folder, name)]

    def exists(self, file: str) -> bool:
        """Whether anything of that name is there, even a dangling link."""
        return os.path.lexists(self.root / file)

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder of that name; what cannot be looked at is none."""
        return os.path.isdir(self.root / path)  # noqa: PTH112 (Path.is_dir raises where the parent is locked)

    def text(self, file: str, limit: int, *, intent: bool = True) -> str | None:
        """A file's text without byte-order mark; None after a finding, and when there is no such file."""
        content = self.content(file, limit)
        if content is None:
            return None
        if intent:
            self.contents[file] = content
        return self._decoded(file, content)

    def content(self, file: str, limit: int) -> bytes | None:
        """A regular file's bytes, at most `limit` of them; None after a finding, and when there is no such file."""
        path = self._inside(file)
        if path is None or not os.path.lexists(path):
            return None
        try:
            # O_NONBLOCK: a pipe without a writer must not hold us.
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            remedy = f"chmod u+r {file}" if error.errno in (errno.EACCES, errno.EPERM) else "put a plain file there"
            self.fault(file, "unreadable", f"cannot be read: {error.strerror}", remedy)
            return None
        try:
            return self._bytes(file, descriptor, limit)
        except OSError as error:
            self.fault(file, "unreadable", f"cannot be read: {error.strerror}", "check the disk")
            return None
        finally:
            os.close(descriptor)

    def _bytes(self, file: str, descriptor: int, limit: int) -> bytes | None:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            what = "a folder" if stat.S_ISDIR(state.st_mode) else "a pipe or device"
            self.fault(file, "not-a-file", f"is {what}, not a file", "put a plain file there")
            return None
        if state.st_size > limit:
            size = f"{state.st_size / MIB:.0f} MiB, the limit is {limit // MIB}"
            self.fault(
                file, "too-large", f"is too large to be written by hand ({size})", "check what it is; split it if it is right"
            )
            return None
        with open(descriptor, "rb", closefd=False) as stream:
            return stream.read(limit)

    def _inside(self, file: str) -> Path | None:
        """The file's path, or None after a finding when a link leads out of the workspace."""
        path = self.root / file
        real = Path(os.path.realpath(path))
        if real == self.root or self.root in real.parents:
            return path
        self.fault(file, "link-outside", "is a link that leads out of the workspace", "put the file itself into the workspace")
        return None

    def _named(self, folder: str, name: str) -> bool:
        if not any(0xDC80 <= ord(char) <= 0xDCFF for char in name) and name.isprintable():
            return True
        readable = os.fsencode(name).decode("utf-8", "backslashreplace").encode("unicode_escape").decode()
        self.fault(below(folder, readable), "file-name", "has a name that is not plain UTF-8 text", "rename it")
        return False

    def _decoded(self, file: str, content: bytes) -> str | None:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            self.fault(file, "encoding", "is UTF-16, not UTF-8", f"save it as UTF-8: iconv -f UTF-16 -t UTF-8 {file}", 1, 1)
            return None
        if b"\0" in content:
            self.fault(file, "binary", "is a binary file, not text", "put the text file there")
            return None
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            column = len(content[content.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8", "replace")) + 1
        try:
            content.decode("gb18030")
            self.fault(
                file,
                "encoding",
                "is not UTF-8; it looks like GBK",
                f"save it as UTF-8: iconv -f GB18030 -t UTF-8 {file}",
                line,
                column,
            )
        except UnicodeDecodeError:
            self.fault(file, "encoding", "is not UTF-8 text", "save it as UTF-8", line, column)
        return None


def below(folder: str, name: str) -> str:
    """A name inside a folder, as findings write it."""
    return f"{folder}/{name}" if folder else name


def stem(name: str, suffixes: Iterable[str] = (".yaml", ".yml")) -> str | None:
    """A file name without one of these suffixes; None when it has none of them."""
    return next((name.removesuffix(suffix) for suffix in suffixes if name.endswith(suffix)), None)
