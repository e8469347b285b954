package io.aisle.training.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import io.aisle.core.onnx.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTensorsTest {
    /** One tensor "a" of 2 values, 8 bytes. */
    private static final String ONE = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void namesTheFile() {
        file = directory.resolve("model.safetensors");
    }

    @Test
    void readsTheBitsThatItWrote() throws IOException {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        PublishedFiles.put(tensors, "matrix", 5, 7);
        PublishedFiles.put(tensors, "empty", 0, 3);
        // more than one chunk of the writer
        PublishedFiles.put(tensors, "a long one", 300_001);
        tensors.put("scalar", new Tensor(new long[] {}, new float[] {-0f}));
        tensors.put("odd \"name\" ö", new Tensor(new long[] {3}, new float[] {
            Float.MIN_VALUE, Float.NEGATIVE_INFINITY, Float.intBitsToFloat(0x7fc12345)
        }));

        SafeTensors.write(file, tensors);

        try (SafeTensors opened = SafeTensors.open(file)) {
            assertThat(opened.entries()).containsOnlyKeys(tensors.keySet());
            tensors.forEach((name, expected) -> {
                Tensor found = opened.read(name);
                assertThat(found.shape()).isEqualTo(expected.shape());
                assertThat(bits(found.values())).isEqualTo(bits(expected.values()));
            });
        }
    }

    @Test
    void writesTheLayoutOfTheFormat() throws IOException {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        tensors.put("b", new Tensor(new long[] {1}, new float[] {1f}));
        tensors.put("a", new Tensor(new long[] {1, 2}, new float[] {0.5f, -2f}));

        SafeTensors.write(file, tensors);

        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        long headerBytes = bytes.getLong();
        byte[] header = new byte[(int) headerBytes];
        bytes.get(header);
        assertThat(headerBytes % 8).isZero();
        assertThat(new String(header, UTF_8).stripTrailing())
                .isEqualTo("{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}");
        assertThat(bytes.getFloat()).isEqualTo(0.5f);
        assertThat(bytes.getFloat()).isEqualTo(-2f);
        assertThat(bytes.getFloat()).isEqualTo(1f);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    @Test
    void replacesAFileAndLeavesNoOther() throws IOException {
        Files.writeString(file, "old");
        Files.writeString(directory.resolve("model.safetensors.partial"), "left by a killed process");

        SafeTensors.write(file, new TreeMap<>());

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
        try (SafeTensors opened = SafeTensors.open(file)) {
            assertThat(opened.entries()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"F32, 4", "F16, 2", "BF16, 2"})
    void readsATensorInSegments(String dtype, int width) throws IOException {
        byte[] data = new byte[10 * width];
        new Random(1).nextBytes(data);
        String entry = "\":{\"dtype\":\"" + dtype + "\",\"shape\":[%d],\"data_offsets\":[%d,%d]}";
        String header = "{\"a" + String.format(entry, 3, 0, 3 * width) + ",\"b"
                + String.format(entry, 7, 3 * width, 10 * width) + "}";
        // a header of an odd length, so that nothing is aligned
        PublishedFiles.file(file, header + " ".repeat(header.length() % 2 == 0 ? 1 : 0), data);

        try (SafeTensors whole = SafeTensors.open(file);
                SafeTensors segmented = SafeTensors.open(file, 8)) {
            for (String name : whole.entries().keySet()) {
                assertThat(bits(segmented.read(name).values()))
                        .isEqualTo(bits(whole.read(name).values()));
            }
            assertThat(whole.read("b").values()).hasSize(7);
        }
    }

    @Test
    void readsWhatLiesBehindTwoGigabytes() throws IOException {
        long large = 3L << 30;
        String header = "{\"hole\":{\"dtype\":\"F32\",\"shape\":[3,268435456],\"data_offsets\":[0," + large + "]},"
                + "\"last\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[" + large + "," + (large + 4) + "]}}";
        PublishedFiles.file(file, header);
        ByteBuffer last = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 42f);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(last, channel.size() + large);
        }

        try (SafeTensors opened = SafeTensors.open(file)) {
            assertThat(opened.read("last").values()).containsExactly(42f);
        }
    }

    @Test
    void readsAHeaderThatIsNotInTheOrderOfTheData() throws IOException {
        PublishedFiles.file(
                file,
                "{\"a\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[2,4]},"
                        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[0,2]}}",
                new byte[] {0, 0, (byte) 0x80, 0x3f});

        try (SafeTensors opened = SafeTensors.open(file)) {
            assertThat(opened.read("a").values()).containsExactly(1f);
            assertThat(opened.read("b").values()).containsExactly(0f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"F64", "I64"})
    void readsTheOtherTensorsBesideOneOfAnotherType(String dtype) throws IOException {
        PublishedFiles.file(
                file,
                "{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":[1],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}",
                new byte[12]);

        try (SafeTensors opened = SafeTensors.open(file)) {
            assertThat(opened.read("b").values()).containsExactly(0f);
            assertThatThrownBy(() -> opened.read("a"))
                    .isInstanceOf(UserException.class)
                    .hasMessage("Cannot read a from " + file + ": found dtype " + dtype
                            + ", expected one of [F32, F16, BF16]. Save the encoder as float32.");
        }
    }

    @Test
    void refusesAFileThatIsCutOffAnywhere() throws IOException {
        PublishedFiles.file(file, ONE, new byte[8]);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> SafeTensors.open(file))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(UserException.class)
                    .hasMessageMatching(
                            "Cannot read " + file + ": found .*, expected .*\\. It is cut off, .*Fetch it again\\.");
        }
    }

    @Test
    void refusesWhatIsBehindTheLastTensor() throws IOException {
        assertRefused(ONE, new byte[9], "found 9 bytes of data, expected 8 by its header");
    }

    @Test
    void saysHowLongABrokenHeaderWouldBe() throws IOException {
        Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");

        assertThatThrownBy(() -> SafeTensors.open(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found a header of 2336927755350992246 bytes, expected at most 55.")
                .hasMessageContaining("a pointer of Git LFS");
    }

    @Test
    void refusesAHeaderLongerThanALongCanCount() throws IOException {
        Files.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, '{', '}'});

        assertThatThrownBy(() -> SafeTensors.open(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found a header of 18446744073709551615 bytes, expected at most 2.");
    }

    @Test
    void refusesAHeaderForWhichItWouldAllocateTooMuch() throws IOException {
        PublishedFiles.file(file, ONE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 1L << 31), 0);
            channel.write(ByteBuffer.allocate(1), 1L << 32);
        }

        assertThatThrownBy(() -> SafeTensors.open(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found a header of 2147483648 bytes, expected at most 16777216.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | found a header that is no JSON object",
                "{ | found a header that does not parse",
                "{} {} | found a header that does not parse",
                "` ` | found a header that is no JSON object",
                "{\"a\":1} | found dtype missing of a, expected one of [F32, F16,",
                "{\"a\":{\"dtype\":\"F12\",\"shape\":[2],\"data_offsets\":[0,8]}} | found dtype \"F12\" of a",
                "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}} | found shape missing and data_offsets [0,8] of a",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}} | data_offsets [0] of a",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | found shape [-2]",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}} | found shape [2.0]",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[36893488147419103232],\"data_offsets\":[0,8]}} | found shape [3689",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967298,4294967296],\"data_offsets\":[0,8]}} | found 8 bytes for a",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | found 8 bytes for a, expected as many as F32 [3]",
                "{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,8]}} | found 8 bytes for a, expected as many as F16 [2]",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} | found a at bytes 8 to 0",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}} | found a at bytes 4 to 12, expected it within the 8",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | found a at byte 4 of the data, expected it at byte 0",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | found 8 bytes of data, expected 4",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}"
                        + " | found b at byte 4 of the data, expected it at byte 8",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
                        + " | Duplicate field 'a'"
            })
    void refusesAHeaderThatDoesNotFitTheData(String header, String message) throws IOException {
        assertRefused(header, new byte[8], message);
    }

    @Test
    void refusesDeepNestingAndLongNumbersByName() throws IOException {
        assertRefused("[".repeat(100_000), new byte[8], "found a header that does not parse");
        assertRefused("{\"a\":" + "9".repeat(100_000) + "}", new byte[8], "found a header that does not parse");
        assertRefused("{\"a\":{\"dtype\":\"" + "x".repeat(100_000) + "\"}}", new byte[8], "xxx…, expected one of");
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThatThrownBy(() -> SafeTensors.open(file))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read " + file + ": found java.nio.file.NoSuchFileException");
    }

    @Test
    void readsOrRefusesWhateverTheBytesAre() throws IOException {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        PublishedFiles.put(tensors, "a", 2, 3);
        PublishedFiles.put(tensors, "b", 4);
        SafeTensors.write(file, tensors);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 1500; i++) {
            byte[] bytes = i % 3 == 0 ? garbage(random) : changed(whole, random);
            Files.write(file, bytes);
            refused += isRefused(bytes) ? 1 : 0;
        }
        assertThat(refused).isBetween(750, 1499);
    }

    private boolean isRefused(byte[] bytes) {
        boolean[] refused = {false};
        assertThatCode(() -> {
                    try (SafeTensors opened = SafeTensors.open(file)) {
                        opened.entries().keySet().forEach(opened::read);
                    } catch (UserException e) {
                        refused[0] = true;
                    }
                })
                .as(() -> Arrays.toString(bytes))
                .doesNotThrowAnyException();
        return refused[0];
    }

    /** A short header length before any bytes, so that most come to the parser. */
    private static byte[] garbage(Random random) {
        byte[] bytes = new byte[random.nextInt(120)];
        random.nextBytes(bytes);
        for (int i = 1; i < Math.min(8, bytes.length); i++) {
            bytes[i] = 0;
        }
        return bytes;
    }

    /** One to three bytes changed, most of them to what JSON knows; or cut off, or longer. */
    private static byte[] changed(byte[] whole, Random random) {
        byte[] known = "0123456789[]{}:,\" -.eFIB".getBytes(UTF_8);
        byte[] bytes = Arrays.copyOf(whole, random.nextInt(8) == 0 ? random.nextInt(whole.length + 9) : whole.length);
        for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
            byte value = random.nextInt(4) == 0 ? (byte) random.nextInt() : known[random.nextInt(known.length)];
            bytes[random.nextInt(bytes.length)] = value;
        }
        return bytes;
    }

    private void assertRefused(String header, byte[] data, String message) throws IOException {
        PublishedFiles.file(file, header, data);
        assertThatThrownBy(() -> SafeTensors.open(file))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot read " + file + ": found ")
                .hasMessageContaining(message)
                .hasMessageEndingWith("Fetch it again.");
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }
}
