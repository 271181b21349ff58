"""An icon without a group, and a group of another type."""

from tests.builders.pe_resources import ICON, RCDATA, Resource, dib, icon_group, image


def build() -> bytes:
    icon = dib(16)
    return image([Resource(ICON, 1, icon), Resource(RCDATA, 14, icon_group([(16, icon, 1)]))])
