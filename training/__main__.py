"""Makes the encoder that has learned how patients speak, from the training questions.

Not needed to run or to test the product. Trained anew, the encoder takes about an hour on two
cores; each epoch that was finished is kept, and the same command goes on after it.
"""

from __future__ import annotations

from pathlib import Path

import click

from training.data import FOLDER

WORK = FOLDER / "checkpoints"


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help="Prove the path in a minute; the result is worthless.")
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=WORK,
    help="Folder to resume from; --quick writes its result there.",
)
def main(*, quick: bool, work: Path) -> None:
    """Train the encoder and write it."""
    from training.adaptation import FILE
    from training.run import QUICK, export_to, make_trainer
    from training.train import Recipe

    trainer = make_trainer(QUICK if quick else Recipe(), work / ("quick" if quick else "full"))
    trainer.run(click.echo)
    path = work / "quick" / FILE.name if quick else FILE
    export_to(trainer, path)
    click.echo(f"written: {path}, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
