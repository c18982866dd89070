"""What infra/release/bundle packs is all that `sam deploy` needs, and nothing of this machine."""

import hashlib
import os
import re
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = (ROOT / "template.yaml").read_text(encoding="utf-8")
FUNCTIONS = re.findall(r"^      CodeUri: functions/(\S+)$", TEMPLATE, re.MULTILINE)
AARCH64, X86_64 = 183, 62


def elf(machine):
    return b"\x7fELF\x02\x01\x01" + bytes(11) + bytes([machine, 0]) + bytes(44)


class Bundle(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for function in FUNCTIONS:
            (self.folder / "built" / function).mkdir(parents=True)
            (self.folder / "built" / function / "bootstrap").write_bytes(elf(AARCH64) + function.encode())

    def make(self, *arguments, into="made"):
        command = [ROOT / "infra/release/bundle", "--bootstraps", self.folder / "built", "--into", self.folder / into]
        return subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)

    def archive(self, into="made"):
        made = self.make(into=into)
        self.assertEqual(made.returncode, 0, made.stderr)
        [archive] = (self.folder / into).glob("casement-*-arm64.zip")
        return archive

    def test_every_function_is_there_and_executable(self):
        self.assertEqual(len(FUNCTIONS), 7)
        with zipfile.ZipFile(self.archive()) as archive:
            found = [entry for entry in archive.infolist() if entry.filename.endswith("/bootstrap")]
        self.assertEqual({entry.filename.split("/")[-2] for entry in found}, set(FUNCTIONS))
        for entry in found:
            self.assertEqual(entry.external_attr >> 16, 0o100755, entry.filename)

    def test_what_files_name_is_there(self):
        with zipfile.ZipFile(self.archive()) as archive:
            archive.extractall(self.folder)
        [root] = self.folder.glob("casement-*")
        for template in root.rglob("*.yaml"):
            for nested in re.findall(r" (?:TemplateURL|Location): ([\w./-]+)$", template.read_text(), re.MULTILINE):
                self.assertTrue((template.parent / nested).is_file(), nested)
        for page in root.rglob("*.md"):
            for target in re.findall(r'(?:\]\(|src="|srcset=")([^)"#\s]+)', page.read_text(encoding="utf-8")):
                self.assertTrue("://" in target or (page.parent / target).exists(), f"{page.name}: {target}")
        for file in ("LICENSE", "samconfig.example.toml", "infra/settings.example.toml", "infra/runbook.md"):
            self.assertTrue((root / file).is_file(), file)
        self.assertFalse((root / "samconfig.toml").exists())

    def test_the_same_files_make_the_same_archive(self):
        first = self.archive().read_bytes()
        for bootstrap in (self.folder / "built").rglob("bootstrap"):
            os.utime(bootstrap, (0, 0))
            bootstrap.chmod(0o700)
        again = self.archive(into="again")
        self.assertEqual(again.read_bytes(), first)
        sums = (again.parent / "SHA256SUMS").read_text()
        self.assertEqual(sums, f"{hashlib.sha256(first).hexdigest()}  {again.name}\n")

    def test_what_lambda_would_not_run_is_refused(self):
        bootstrap = self.folder / "built" / FUNCTIONS[0] / "bootstrap"
        bootstrap.write_bytes(elf(X86_64))
        self.assertIn("no ELF for 64-bit ARM", self.make().stderr)
        bootstrap.unlink()
        self.assertIn("is missing", self.make().stderr)

    def test_another_version_is_refused(self):
        self.assertIn("not 99.0.0", self.make("99.0.0").stderr)


if __name__ == "__main__":
    unittest.main()
