"""Makes the shipped encoder: `python -m training`. Not needed to run or to test the product."""

from __future__ import annotations

from pathlib import Path

import click

from training.data import FOLDER

WORK = FOLDER / "work"


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help="Prove the path in a minute; the result is worthless.")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write the model.")
@click.option(
    "--work", type=click.Path(path_type=Path), default=WORK, help="Where it resumes from."
)
def main(*, quick: bool, out: Path | None, work: Path) -> None:
    """Train on the questions of the training articles and write the model."""
    from core.encoders.adaptation import FILE
    from training.export import export
    from training.run import QUICK, make_trainer
    from training.train import Recipe

    recipe = QUICK if quick else Recipe()
    trainer, base_sha256 = make_trainer(recipe, work / ("quick" if quick else "full"))
    trainer.run(click.echo)
    path = out or (work / "quick" / FILE.name if quick else FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    export(trainer.model, path, base_sha256=base_sha256)
    click.echo(f"written: {path}, {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
