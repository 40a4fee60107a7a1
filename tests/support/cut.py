"""A huge value without a file."""


class Cut:
    """A value as a file gives it, in slices of some octets."""

    def __init__(self, octets, is_text=True, size=5):
        self.octets, self.is_text, self.size = octets, is_text, size

    def __len__(self):
        return len(self.octets)

    def __iter__(self):
        return (self.octets[at:at + self.size] for at in range(0, len(self.octets), self.size))

    def part(self, start, end):
        return Cut(self.octets[start:len(self.octets) - end], self.is_text, self.size)
