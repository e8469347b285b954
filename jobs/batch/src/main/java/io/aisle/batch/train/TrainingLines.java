package io.aisle.batch.train;

import io.aisle.training.EpochResult;
import io.aisle.training.Progress;
import io.aisle.training.ProgressListener;
import java.util.Locale;
import java.util.function.Consumer;

/** Puts into words how far the training is: a line every few seconds, and one an epoch. */
record TrainingLines(Consumer<String> lines) implements ProgressListener {
    @Override
    public void resumed(int epoch, int step, int steps) {
        say("going on from a checkpoint: epoch %d, step %d of %d", epoch, step, steps);
    }

    @Override
    public void progressed(Progress progress) {
        say(
                "  epoch %d of %d, step %d of %d, loss %.3f, %.0f rows/s, about %.0f s left",
                progress.epoch(),
                progress.epochs(),
                progress.step(),
                progress.steps(),
                progress.loss(),
                progress.rowsPerSecond(),
                progress.remainingSeconds());
    }

    @Override
    public void epochEnded(EpochResult result) {
        StringBuilder metrics = new StringBuilder();
        result.metrics()
                .forEach((name, value) -> metrics.append(String.format(
                        Locale.ROOT, ", %s %.4f", name.replace('_', ' ').replace("f1", "F1"), value)));
        say(
                "epoch %d: train loss %.3f, validation loss %.3f%s (%.0f s)",
                result.epoch(), result.trainLoss(), result.validationLoss(), metrics, result.seconds());
    }

    private void say(String format, Object... values) {
        lines.accept(String.format(Locale.ROOT, format, values));
    }
}
