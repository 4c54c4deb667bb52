"""What runs keep in Prefect's result storage: one generic store of a value, and what is kept with it."""

from tasks.storage.results import (
    ResultStorage,
    default_storage,
    storage_of_run,
    storage_of_writers,
    storages_of_all,
)

__all__ = ["ResultStorage", "default_storage", "storage_of_run", "storage_of_writers", "storages_of_all"]
