"""`python -m deployments.supply.sbom FOLDER`: bills of materials in CycloneDX, made from requirements.lock.

`sbom.json` lists all that is pinned, tools of the tests included, and `sbom-image.json` what the image installs. The
same lock gives the same bytes where the same packages are installed, whose metadata name the licences; the moment is
SOURCE_DATE_EPOCH's, and is left out without it.
"""

import importlib.metadata
import os
import sys
import tomllib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

from deployments.supply.lock import PATH, PROJECT, LockError, Pin, needed_by, read_lock

SCHEMA = SchemaVersion.V1_6
WHOLE, IMAGE = "sbom.json", "sbom-image.json"
_MARKER = "genesys-timeouts:marker"
_LONGEST_LICENSE = 100
"""Characters: whoever writes more into that field has put the whole text there."""


def bill_of_materials(pins: Sequence[Pin], *, version: str, moment: datetime | None) -> str:
    """Write the bill of these pins, as JSON. What the project needs to run is `required`, the rest is `excluded`."""
    required = {pin.name for pin in needed_by(pins, [PROJECT])}
    ours = Component(
        name="genesys-timeouts", version=version, type=ComponentType.APPLICATION, bom_ref="genesys-timeouts"
    )
    components = {pin: _component(pin, required=pin.name in required) for pin in pins}
    bom = Bom(components=components.values())
    bom.metadata.component = ours
    bom.metadata.timestamp = moment  # type: ignore[assignment] # None leaves it out
    bom.serial_number = uuid5(NAMESPACE_URL, "".join((version, *(pin.text for pin in pins))))
    for needs, component in ((None, ours), *components.items()):
        bom.register_dependency(component, (components[pin] for pin in pins if _needs(needs, pin)))
    return make_outputter(bom, OutputFormat.JSON, SCHEMA).output_as_string(indent=2) + "\n"


def write_bills(folder: Path, *, version: str, moment: datetime | None) -> tuple[Path, ...]:
    """Write both bills into a folder. Raises LockError."""
    folder.mkdir(parents=True, exist_ok=True)
    pins = read_lock(PATH.read_text("utf-8"))
    bills = {WHOLE: pins, IMAGE: needed_by(pins, [PROJECT])}
    for name, those in bills.items():
        (folder / name).write_text(bill_of_materials(those, version=version, moment=moment), encoding="utf-8")
    return tuple(folder / name for name in bills)


def version_of(folder: Path) -> str:
    """Read the version that pyproject.toml names."""
    return str(tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def source_date() -> datetime | None:
    """Return the moment that SOURCE_DATE_EPOCH names, in seconds; None where it is not set."""
    named = os.environ.get("SOURCE_DATE_EPOCH", "").strip()
    return datetime.fromtimestamp(int(named), UTC) if named else None


def _needs(needing: Pin | None, pin: Pin) -> bool:
    """Return whether a package needs another; None is the project, its tools included."""
    if needing is None:
        return any(name.startswith("genesys-timeouts ") for name in pin.needed_by)
    return needing.name in pin.needed_by


def _component(pin: Pin, *, required: bool) -> Component:
    purl = PackageURL("pypi", None, pin.name, pin.version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(f"https://pypi.org/simple/{pin.name}/"),
        comment="every file of this version",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in pin.hashes],
    )
    return Component(
        name=pin.name,
        version=pin.version,
        type=ComponentType.LIBRARY,
        bom_ref=purl.to_string(),
        purl=purl,
        scope=ComponentScope.REQUIRED if required else ComponentScope.EXCLUDED,
        licenses=_licenses(pin),
        external_references=[files],
        properties=[Property(name=_MARKER, value=pin.marker)] if pin.marker else [],
    )


def _licenses(pin: Pin) -> Iterable[License]:
    """Return what a package's metadata say; nothing where this version is not installed here, or they say nothing."""
    try:
        about = importlib.metadata.metadata(pin.name).json
    except importlib.metadata.PackageNotFoundError:
        return ()
    if about["version"] != pin.version:
        return ()
    for said in (about.get("license_expression"), about.get("license")):
        if isinstance(said, str) and "\n" not in said and len(said) <= _LONGEST_LICENSE:
            return (LicenseFactory().make_from_string(said),)
    classifiers = [text.split(" :: ") for text in about.get("classifier", ())]
    return [LicenseFactory().make_with_name(parts[-1]) for parts in classifiers if parts[0] == "License"]


def main(arguments: Sequence[str]) -> int:
    """Write both into the folder that is named; returns the exit code."""
    try:
        written = write_bills(Path(arguments[0]), version=version_of(PATH.parent), moment=source_date())
    except (LockError, IndexError, ValueError) as problem:
        sys.stderr.write(f"Error: {problem}\nusage: python -m deployments.supply.sbom FOLDER\n")
        return 2
    sys.stdout.write("".join(f"{path}\n" for path in written))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
