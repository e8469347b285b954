package io.aisle.core.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.platform.Fp16Conversions;
import io.aisle.core.UserException;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Float16ConverterTest {
    private static final int VOCABULARY = 200;
    private static final int LABELS = 5;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void answersNearlyAsTheNetworkItIsMadeOf(Pooling pooling) throws IOException {
        List<int[]> texts = TinyDistilBert.texts(VOCABULARY, 100, 2);
        Path exact = network(pooling);

        try (OnnxNetwork float32 = OnnxNetwork.open(exact, 1);
                OnnxNetwork float16 = OnnxNetwork.open(converted(exact), 1)) {
            float[][] expected = float32.logits(texts);
            float[][] found = float16.logits(texts);
            double difference = 0;
            for (int row = 0; row < expected.length; row++) {
                for (int label = 0; label < LABELS; label++) {
                    difference = Math.max(difference, Math.abs(expected[row][label] - found[row][label]));
                }
            }
            assertThat(difference).isGreaterThan(1e-6).isLessThan(0.05);
        }
    }

    @Test
    void paddingCountsAsNothing() throws IOException {
        List<int[]> texts = TinyDistilBert.texts(VOCABULARY, 32, 3);
        try (OnnxNetwork float16 = OnnxNetwork.open(converted(network(Pooling.CLS_AND_MEAN)), 1)) {
            float[][] together = float16.logits(texts);
            for (int row = 0; row < together.length; row++) {
                assertThat(float16.logits(List.of(texts.get(row)))[0]).containsExactly(together[row], within(0.02f));
            }
        }
    }

    /** Every weight of the encoder once, in half its bytes; those of the classifier as they were. */
    @Test
    void holdsEachWeightOnce() throws IOException {
        Path exact = network(Pooling.MEAN);
        Map<DataType, Long> before = bytes(exact);
        Map<DataType, Long> after = bytes(converted(exact));

        long classifier = (LABELS * config(Pooling.MEAN).dim() + LABELS) * (long) Float.BYTES;
        assertThat(after.get(DataType.FLOAT)).isEqualTo(classifier);
        assertThat(after.get(DataType.FLOAT16)).isEqualTo((before.get(DataType.FLOAT) - classifier) / 2);
        assertThat(after.get(DataType.INT64)).isEqualTo(before.get(DataType.INT64));
    }

    /** The score of padding is beyond it. */
    @Test
    void takesTheGreatestThereIsForWhatFloat16CannotHold() throws IOException {
        Path file = converted(network(Pooling.MEAN));
        MappedModel model = MappedModel.read(file);
        float greatest = 0;
        for (TensorProto weight : model.model().getGraph().getInitializerList()) {
            if (weight.getDataType() == DataType.FLOAT16.getNumber()) {
                var halves = model.whole(weight)
                        .getRawData()
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asShortBuffer();
                while (halves.hasRemaining()) {
                    greatest = Math.max(greatest, Math.abs(Fp16Conversions.fp16ToFloat(halves.get())));
                }
            }
        }
        assertThat(greatest).isEqualTo(65_504);
    }

    @Test
    void refusesANetworkWithoutLayers() throws IOException {
        Path file = network(new DistilBertConfig(VOCABULARY, 40, 64, 0, 4, 128, Pooling.MEAN));

        assertThatThrownBy(() -> converted(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("found no layer before its classifier");
    }

    @Test
    void refusesWhatIsNoNetwork() throws IOException {
        Path file = Files.writeString(directory.resolve("text.onnx"), "no model");

        assertThatThrownBy(() -> converted(file))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot convert the network " + file + " to float16: found ");
    }

    private Path converted(Path file) {
        Path to = directory.resolve("float16.onnx");
        Float16Converter.convert(file, to);
        return to;
    }

    private Path network(Pooling pooling) throws IOException {
        return network(config(pooling));
    }

    private Path network(DistilBertConfig config) throws IOException {
        Path file = directory.resolve("model.onnx");
        Files.write(
                file,
                DistilBertGraph.build(config, TinyDistilBert.weights(config, LABELS, 3), 1)
                        .toByteArray());
        return file;
    }

    private static DistilBertConfig config(Pooling pooling) {
        return TinyDistilBert.config(VOCABULARY, 40, pooling);
    }

    private static Map<DataType, Long> bytes(Path file) throws IOException {
        MappedModel model = MappedModel.read(file);
        Map<DataType, Long> bytes = new TreeMap<>();
        for (TensorProto weight : model.model().getGraph().getInitializerList()) {
            bytes.merge(
                    DataType.forNumber(weight.getDataType()),
                    (long) model.whole(weight).getRawData().size(),
                    Long::sum);
        }
        return bytes;
    }
}
