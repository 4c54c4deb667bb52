"""Pictures kept in Prefect's result storage: most nights show the same figures, and drawing them takes a second."""

from tasks.storage import ResultStorage
from timeouts.pictures import Picture, Sketch


def picture_of(sketch: Sketch, storage: ResultStorage) -> Picture:
    """Give the picture as it was drawn before, else draw and keep it."""
    name = f"genesys-timeouts-picture-{sketch.key}"
    try:
        return Picture(sketch.title, sketch.form, storage.read(name))
    except (ValueError, OSError):
        picture = sketch.picture()
        storage.write(name, picture.drawn)
        return picture
