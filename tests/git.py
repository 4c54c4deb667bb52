"""Repositories that tests make, whatever the user has told Git."""

import os
import subprocess
from pathlib import Path


def git(folder: Path, *arguments: str) -> None:
    """Run Git in a folder, with nobody's configuration."""
    plain = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "HOME": str(folder)}
    author = {f"GIT_{who}_{what}": "ci@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"], **plain, **author},
    )


def commit(folder: Path) -> None:
    """Commit all files of a folder."""
    git(folder, "add", "--all")
    git(folder, "commit", "-m", "Begin")


def committed(folder: Path, *options: str) -> Path:
    """Make a repository of a folder, with all of its files committed."""
    git(folder, "init", *options)
    commit(folder)
    return folder
