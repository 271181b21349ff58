"""Cut in the second row of the group."""

from tests.builders.pe_resources import GROUP_ICON, ICON, Resource, dib, icon_group, image


def build() -> bytes:
    icon = dib(32)
    group = icon_group([(32, icon, 1), (32, icon, 1), (32, icon, 1)])
    data = image([Resource(ICON, 1, icon), Resource(GROUP_ICON, 1, group)])
    return data[: data.find(group) + 30]
