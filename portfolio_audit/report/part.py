"""What every value of the report is made of, so that its parts can stand in rooms of their own."""

from typing import Annotated

import msgspec

Points = Annotated[float, msgspec.Meta(ge=0, le=100)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Weight = Annotated[float, msgspec.Meta(ge=0)]
Line = Annotated[int, msgspec.Meta(ge=1)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Root of the report's values; unlike stored values, every field is always written."""
