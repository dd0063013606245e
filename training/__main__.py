"""Makes the shipped encoder and answer model from the training questions.

Not needed to run or to test the product. Trained anew, the encoder takes about an hour on two
cores; each epoch that was finished is kept, and the same command goes on after it.
"""

from __future__ import annotations

from math import exp
from pathlib import Path

import click

from training.data import FOLDER

WORK = FOLDER / "checkpoints"


@click.group(help=__doc__, invoke_without_command=True)
@click.option("--quick", is_flag=True, help="Prove the path in a minute; the result is worthless.")
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=WORK,
    help="Folder to resume from; --quick writes its result there.",
)
@click.pass_context
def main(context: click.Context, *, quick: bool, work: Path) -> None:
    """Train the encoder, then fit the answer model to it."""
    if context.invoked_subcommand:
        return
    from core.encoders.adaptation import FILE
    from training.run import QUICK, export_to, make_trainer
    from training.train import Recipe

    trainer = make_trainer(QUICK if quick else Recipe(), work / ("quick" if quick else "full"))
    trainer.run(click.echo)
    path = work / "quick" / FILE.name if quick else FILE
    export_to(trainer, path)
    click.echo(f"written: {path}, {path.stat().st_size / 1e6:.1f} MB")
    if not quick:
        context.invoke(graph_command)
        context.invoke(caution_command)
        context.invoke(notices_command)
        context.invoke(calibrate_command)


@main.command("calibrate")
def calibrate_command() -> None:
    """Fit the answer model to the encoder as it is."""
    from core.encoders.reference import load_encoder
    from training.calibrate import calibrate, write

    write(calibrate(load_encoder(), click.echo))


@main.command("caution")
def caution_command() -> None:
    """Fit the model that recognises questions of caution to the encoder as it is."""
    from core.encoders.reference import load_encoder
    from training.caution import fit, read_answered, read_rows, write

    write(fit(load_encoder(), read_rows(), read_answered(), click.echo))


@main.command("notices")
@click.option("--held-out", is_flag=True, help="Also measure it on each writer held out (long).")
def notices_command(*, held_out: bool = False) -> None:
    """Fit the model that recognises urgent symptoms to the encoder as it is."""
    from core.encoders.reference import load_encoder
    from training.notices import fit, read_wordings

    wordings = read_wordings(held_out=held_out)
    fit(load_encoder(), wordings, WORK, click.echo, held_out=held_out).save()


@main.command("graph")
def graph_command() -> None:
    """Export the encoder as it is for ingests, which put it together without PyTorch."""
    from core.encoders.reference import load_encoder
    from training.graph import release

    release(load_encoder())


@main.command("evaluate")
@click.option("--split", default="test", help="train, calibrate or test.")
@click.option("--model", default="", help="As in clinic.toml: empty, or general.")
@click.option(
    "--pictures", type=click.Path(file_okay=False, path_type=Path), help="Draw them here."
)
def evaluate_command(split: str, model: str, pictures: Path | None) -> None:
    """Measure the product on articles that trained nothing, with intervals of 95 %."""
    from core.encoders.reference import load_encoder
    from evaluation.pictures import draw
    from index.search.evidence import general_model
    from training.evaluate import ask_split, figures, judged

    encoder = load_encoder(model)
    index, asked = ask_split(encoder, split, click.echo)
    for name, (value, low, high) in figures(asked).items():
        click.echo(f"{name:20} {value:.3f}  [{low:.3f}, {high:.3f}]")
    answers = general_model(encoder.info.sha256)
    if pictures and answers:
        cut = 1 / (1 + exp(-answers.answer_from))
        draw(judged(index, asked, answers.probability), pictures, name="articles", answer_from=cut)


@main.command("polarity")
def polarity_command() -> None:
    """Count the questions of caution that a passage of praise answers; print them."""
    from core.encoders.reference import load_encoder
    from training.evaluate import praised

    wrong = praised(load_encoder())
    for question in wrong:
        click.echo(question)
    click.echo(f"answered by praise: {len(wrong)}")


if __name__ == "__main__":
    main()
