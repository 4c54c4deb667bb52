"""What goes wrong with files: four errors, each of which says what its caller should do.

FilesError              nothing can be read or written as asked: tell people
├── FileChanged         the file is not what the plan was made from: leave it, plan anew
├── FileBusy            somebody is at work on the file: leave it, try again later
└── FileRefused         the file cannot be changed safely, and is as it was: leave it, go on with the others
"""


class FilesError(Exception):
    """Folders or files that cannot be used as asked. The message is a sentence with the path, and what to do."""


class FileChanged(FilesError):  # noqa: N818 - the name says what happened
    """A file that is no longer what was read: somebody else changed it, and it was left as it is."""


class FileBusy(FilesError):  # noqa: N818 - the name says what happened
    """A file that somebody is at work on: changes that are not committed, or a lock. It was left as it is."""


class FileRefused(FilesError):  # noqa: N818 - the name says what happened
    """A file that cannot be changed safely. It was left as it is."""
