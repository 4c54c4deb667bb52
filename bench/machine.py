"""What is to be known of the machine and the versions that figures come from."""

import os
import platform
from importlib.metadata import version
from pathlib import Path


def facts() -> list[tuple[str, str]]:
    """Give names and values."""
    return [
        ("processor", f"{_processor()}, {os.cpu_count()} cores; load {_load()} before the first measurement"),
        ("memory", f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB"),
        ("system", f"{platform.system()} {platform.release()}"),
        ("Python", platform.python_version()),
        ("prefect", version("prefect")),
        ("SDK", version("PureCloudPlatformClientV2")),
    ]


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"
