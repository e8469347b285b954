package io.aisle.core.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyFileTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("numbers.npy");
    }

    /** As numpy.save writes np.array([1, -2.5], dtype="<f4"). */
    @Test
    void writesWhatNumpyWrites() throws IOException {
        writeFloats(1, -2.5f);

        byte[] bytes = Files.readAllBytes(file);
        String entries = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
        assertThat(bytes).hasSize(128 + 8);
        // magic, version 1.0, 118 bytes of header to come
        assertThat(Arrays.copyOf(bytes, 10)).containsExactly(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0);
        assertThat(new String(bytes, 10, 118, StandardCharsets.US_ASCII))
                .isEqualTo(entries + " ".repeat(117 - entries.length()) + "\n");
        // 1 is 0x3f800000, -2.5 is 0xc0200000, least byte first
        assertThat(Arrays.copyOfRange(bytes, 128, 136)).containsExactly(0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0);
    }

    @Test
    void namesTheTypeOfEachNumber() throws IOException {
        try (NpyFile.Writer writer = NpyFile.writeLongs(file)) {
            writer.add(0x0102030405060708L);
        }
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                .contains("'descr': '<i8'")
                .contains("'shape': (1,)")
                .endsWith("\b\u0007\u0006\u0005\u0004\u0003\u0002\u0001");

        try (NpyFile.Writer writer = NpyFile.writeChars(file)) {
            writer.add((char) 0x4142);
        }
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                .contains("'descr': '<u2'")
                .endsWith("\nBA");
    }

    @Test
    void readsBackWhatItWrote() throws IOException {
        int length = 100_000;
        try (NpyFile.Writer writer = NpyFile.writeFloats(file)) {
            for (int i = 0; i < length; i++) {
                writer.add(i / 3f);
            }
        }
        float[] floats = NpyFile.floats(file, length);
        FloatBuffer mapped = NpyFile.mapFloats(file, length);
        for (int i = 0; i < length; i++) {
            assertThat(floats[i]).isEqualTo(i / 3f);
            assertThat(mapped.get(i)).isEqualTo(i / 3f);
        }

        try (NpyFile.Writer writer = NpyFile.writeLongs(file)) {
            writer.add(Long.MIN_VALUE);
            writer.add(7L);
        }
        assertThat(NpyFile.longs(file, 2)).containsExactly(Long.MIN_VALUE, 7);

        try (NpyFile.Writer writer = NpyFile.writeChars(file)) {
            writer.add((char) 0);
            writer.add((char) 65_535);
        }
        CharBuffer chars = NpyFile.mapChars(file, 2);
        assertThat((int) chars.get(0)).isZero();
        assertThat((int) chars.get(1)).isEqualTo(65_535);
    }

    @Test
    void readsBackNothing() throws IOException {
        writeFloats();

        assertThat(NpyFile.floats(file, 0)).isEmpty();
        assertThat(NpyFile.mapFloats(file, 0).remaining()).isZero();
    }

    @Test
    void longerFileOfBeforeIsReplaced() throws IOException {
        writeFloats(1, 2, 3);
        writeFloats(4);

        assertThat(NpyFile.floats(file, 1)).containsExactly(4);
    }

    @Test
    void refusesFileOfAnotherLength() throws IOException {
        writeFloats(1, 2, 3);

        assertThatThrownBy(() -> NpyFile.floats(file, 2))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot read " + file + ": found 140 bytes, expected 136, an array of 2 numbers of type <f4."
                                + " It is damaged or of another model: copy the bundle again, or train again.");
    }

    @Test
    void refusesFileThatWasCutShort() throws IOException {
        writeFloats(1, 2, 3);
        byte[] bytes = Files.readAllBytes(file);
        for (int length : new int[] {0, 5, 127, 128, 139}) {
            Files.write(file, Arrays.copyOf(bytes, length));

            assertRefused("found " + length + " bytes, expected 140");
        }
    }

    @Test
    void refusesFileOfAnotherType() throws IOException {
        try (NpyFile.Writer writer = NpyFile.writeChars(file)) {
            for (int i = 0; i < 6; i++) {
                writer.add((char) i);
            }
        }

        assertRefused("an array of 3 numbers of type <f4");
    }

    @Test
    void refusesEveryChangeOfTheHeader() throws IOException {
        writeFloats(1, 2, 3);
        byte[] bytes = Files.readAllBytes(file);
        for (int place = 0; place < 128; place++) {
            byte[] changed = bytes.clone();
            changed[place] ^= 1;
            Files.write(file, changed);

            assertRefused("It is damaged");
        }
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> NpyFile.floats(file, 3))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read " + file + ": found ")
                .hasMessageContaining(message);
    }

    private void writeFloats(float... values) throws IOException {
        try (NpyFile.Writer writer = NpyFile.writeFloats(file)) {
            for (float value : values) {
                writer.add(value);
            }
        }
    }
}
