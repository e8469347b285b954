package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.onnx.Device;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumeTest {
    private static final TokenRows TRAIN = FineTunerTest.orderedPairs(200, 1);
    private static final TokenRows VALIDATION = FineTunerTest.orderedPairs(60, 2);

    /** 13 batches and 7 steps an epoch; dropout, so that a draw out of place would show. */
    private static final TrainingPlan PLAN =
            Plans.of(4, 16, 3e-3, 7).accumulation(2).patience(2).plan();

    /** In memory; ends the training after so many saves, as a kill would. */
    private static final class Kept implements Checkpoints {
        private final int every;
        private int savesLeft;
        private byte[] bytes;

        Kept(int every, int savesLeft) {
            this.every = every;
            this.savesLeft = savesLeft;
        }

        @Override
        public String place() {
            return "/kept";
        }

        @Override
        public int everySteps() {
            return every;
        }

        @Override
        public Optional<InputStream> latest() {
            return Optional.ofNullable(bytes).map(ByteArrayInputStream::new);
        }

        /** The factor of the last checkpoint. */
        float lossScale() throws IOException {
            String fingerprint = new DataInputStream(new ByteArrayInputStream(bytes, 8, bytes.length - 8)).readUTF();
            return Checkpoint.read(new ByteArrayInputStream(bytes), fingerprint, place())
                    .lossScale()
                    .factor();
        }

        @Override
        public void save(Content content) throws IOException {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            content.writeTo(out);
            bytes = out.toByteArray();
            if (--savesLeft == 0) {
                throw new Killed();
            }
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** In the first epoch, at the end of an epoch, and in later ones. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 9, 14, 20, 28})
    void endsWithTheWeightsOfATrainingThatNeverStopped(int steps) {
        FineTuned unbroken = fit(PLAN, Checkpoints.NONE, ProgressListener.SILENT);
        Kept kept = new Kept(1, steps);
        assertThatThrownBy(() -> fit(PLAN, kept, ProgressListener.SILENT)).isInstanceOf(Killed.class);
        List<String> heard = new ArrayList<>();

        FineTuned resumed = fit(PLAN, kept, new ProgressListener() {
            @Override
            public void progressed(Progress progress) {}

            @Override
            public void resumed(int epoch, int step, int of) {
                heard.add(epoch + " " + step + " " + of);
            }
        });

        assertThat(heard).containsExactly((steps - 1) / 7 + 1 + " " + ((steps - 1) % 7 + 1) + " 7");
        assertThat(resumed.bestEpoch()).isEqualTo(unbroken.bestEpoch());
        assertThat(resumed.history())
                .usingRecursiveComparison()
                .ignoringFields("seconds")
                .isEqualTo(unbroken.history());
        unbroken.weights()
                .forEach(
                        (name, tensor) -> assertThat(resumed.weights().get(name).values())
                                .as(name)
                                .isEqualTo(tensor.values()));
        assertThat(resumed.validationLogits()).isDeepEqualTo(unbroken.validationLogits());
    }

    /** The first loss scale is too large for a batch of one row: so a step is left out, and what is left of the scale is kept. */
    @Test
    void goesOnWithTheLossScaleThatItHad() throws IOException {
        TrainingPlan plan = Plans.of(1, 1, 3e-3, 7).precision(Precision.FLOAT16).plan();
        FineTuned unbroken = fit(plan, Checkpoints.NONE, ProgressListener.SILENT);
        Kept kept = new Kept(1, 40);
        assertThatThrownBy(() -> fit(plan, kept, ProgressListener.SILENT)).isInstanceOf(Killed.class);
        assertThat(kept.lossScale()).isBetween(64f, 32_768f);

        FineTuned resumed = fit(plan, kept, ProgressListener.SILENT);

        assertThat(resumed.validationLogits()).isDeepEqualTo(unbroken.validationLogits());
    }

    @Test
    void aPretrainingGoesOnToTheSameWeightsToo() {
        BestEpoch unbroken = pretrain(Checkpoints.NONE);
        Kept kept = new Kept(1, 9);
        assertThatThrownBy(() -> pretrain(kept)).isInstanceOf(Killed.class);

        BestEpoch resumed = pretrain(kept);

        assertThat(resumed.history())
                .usingRecursiveComparison()
                .ignoringFields("seconds")
                .isEqualTo(unbroken.history());
        unbroken.weights()
                .forEach(
                        (name, tensor) -> assertThat(resumed.weights().get(name).values())
                                .as(name)
                                .isEqualTo(tensor.values()));
    }

    private static BestEpoch pretrain(Checkpoints checkpoints) {
        return new Pretrainer(1, Device.CPU)
                .fit(
                        PretrainerTest.CONFIG,
                        PretrainerTest.initial(),
                        PLAN,
                        PretrainerTest.MASKING,
                        PretrainerTest.pairs(200, 1),
                        PretrainerTest.pairs(60, 2),
                        checkpoints,
                        "pairs",
                        ProgressListener.SILENT);
    }

    @Test
    void refusesToGoOnByAnotherPlan() {
        Kept kept = new Kept(1, 3);
        assertThatThrownBy(() -> fit(PLAN, kept, ProgressListener.SILENT)).isInstanceOf(Killed.class);

        assertThatThrownBy(() -> fit(new Plans(PLAN).dropout(0.2).plan(), kept, ProgressListener.SILENT))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(
                        "Cannot go on from the checkpoint in /kept: found one of other data, settings or encoder (");
    }

    private static FineTuned fit(TrainingPlan plan, Checkpoints checkpoints, ProgressListener listener) {
        return new FineTuner(1)
                .fit(
                        FineTunerTest.CONFIG,
                        InitialWeights.random(FineTunerTest.CONFIG, 2, 1),
                        plan,
                        Plans.PLAIN,
                        TRAIN,
                        VALIDATION,
                        checkpoints,
                        "pairs",
                        listener);
    }
}
