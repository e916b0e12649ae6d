"""Times as people say them."""


def spoken(seconds: float) -> str:
    """Say a duration in one or two units, for example "45 s", "12 min" or "2 h 5 min".

    Args:
        seconds: 0 or more.
    """
    whole = max(0, round(seconds))
    if whole < 90:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
