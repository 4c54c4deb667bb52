"""What tasks read from: an org behind the API, or folders of files. A source is a source."""

from files.reader import FilesReader
from genesys import ReadClient

Reader = ReadClient | FilesReader
