import threading

from fer_core.vision import Mailbox


def test_mailbox_gives_the_newest_value_until_cleared() -> None:
    mailbox: Mailbox[int] = Mailbox()
    assert mailbox.get() is None
    mailbox.put(1)
    mailbox.put(2)
    assert [mailbox.get(), mailbox.get()] == [2, 2]
    mailbox.clear()
    assert mailbox.get() is None


def test_mailbox_never_goes_back_between_threads() -> None:
    mailbox: Mailbox[int] = Mailbox()
    seen: list[int] = []

    def write() -> None:
        for value in range(1, 5001):
            mailbox.put(value)

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        seen.append(mailbox.get() or 0)
    writer.join()
    assert seen == sorted(seen)
    assert mailbox.get() == 5000
