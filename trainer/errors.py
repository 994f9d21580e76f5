"""What can go wrong in training, said in one sentence."""


class TrainerError(RuntimeError):
    """The data, the configuration or an export is not as it must be."""
