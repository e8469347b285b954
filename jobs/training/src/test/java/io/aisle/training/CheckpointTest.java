package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.onnx.Tensor;
import io.aisle.training.AdamW.Moments;
import io.aisle.training.Checkpoint.ScaleState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CheckpointTest {
    private static final Tensor WEIGHT = new Tensor(new long[] {3, 7_000}, random(21_000));
    private static final Checkpoint CHECKPOINT = new Checkpoint(
            "tiny",
            3,
            17,
            12.5,
            544,
            99,
            new ScaleState(1_024, 7),
            List.of(
                    new EpochResult(1, 2, 3, 0.25, new TreeMap<>(Map.of("macro_f1", 0.25)), 4),
                    new EpochResult(2, 1, 2, 0.5, new TreeMap<>(), 5)),
            new TreeMap<>(Map.of("a", WEIGHT, "b", new Tensor(new long[0], new float[] {1}))),
            new TreeMap<>(Map.of("a", new Moments(random(21_000), random(21_000)))),
            new TreeMap<>());

    @Test
    void isReadAsItWasWritten() throws IOException {
        Checkpoint read = read(bytes());

        assertThat(read).usingRecursiveComparison().isEqualTo(CHECKPOINT);
    }

    @Test
    void isRefusedWhereItWasCutShort() throws IOException {
        byte[] bytes = bytes();
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            byte[] part = Arrays.copyOf(bytes, i < 100 ? i : random.nextInt(bytes.length));
            assertThatThrownBy(() -> read(part))
                    .isInstanceOf(UserException.class)
                    .hasMessage(
                            "Cannot go on from the checkpoint in /kept: found a file that was cut short or changed, expected all"
                                    + " of it. Remove that directory to start again.");
        }
    }

    @Test
    void isRefusedWhereAnyByteWasChanged() throws IOException {
        byte[] bytes = bytes();
        Random random = new Random(2);
        for (int i = 0; i < 300; i++) {
            byte[] changed = bytes.clone();
            int place = i < 150 ? i : random.nextInt(bytes.length);
            changed[place] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> read(changed))
                    .as("byte %d", place)
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("Cannot go on from the checkpoint in /kept: found ");
        }
    }

    @Test
    void isRefusedByAnotherTraining() throws IOException {
        byte[] bytes = bytes();
        assertThatThrownBy(() -> Checkpoint.read(new ByteArrayInputStream(bytes), "mini", "/kept"))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot go on from the checkpoint in /kept: found one of other data, settings or encoder (tiny), expected"
                                + " one of mini. Remove that directory to start again.");
    }

    private static Checkpoint read(byte[] bytes) throws IOException {
        return Checkpoint.read(new ByteArrayInputStream(bytes), "tiny", "/kept");
    }

    private static byte[] bytes() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CHECKPOINT.writeTo(out);
        return out.toByteArray();
    }

    private static float[] random(int size) {
        Random random = new Random(size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }
}
