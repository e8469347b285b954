package io.aisle.batch.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import io.aisle.batch.TrainedBundle;
import io.aisle.batch.score.EngineParity;
import io.aisle.batch.score.ProbeScores;
import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.Precision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizeJobTest {
    @TempDir
    static Path temporary;

    private static ModelBundle source;
    private static ModelBundle quantized;
    private static String out;

    @BeforeAll
    static void quantizeOnce() {
        source = TrainedBundle.get();
        out = quantize(source.directory(), "int8", "--max-loss", "100").out();
        quantized = ModelBundle.open(temporary.resolve("int8"));
    }

    @Test
    void writesABundleThatSaysWhatItIs() throws IOException {
        assertThat(quantized.network("test", "none").model().precision()).isEqualTo(Precision.INT8);
        assertThat(quantized.labels()).isEqualTo(source.labels());
        assertThat(quantized.version()).isNotEqualTo(source.version());
        assertThat(quantized.manifest().files())
                .containsKeys(ModelBundle.SEEN_FILE, ModelBundle.PROFILE_FILE)
                .doesNotContainKey("model-int8.onnx");
        assertThat(quantized.manifest().provenance().parameters())
                .containsEntry("quantized_from", source.version())
                .containsEntry("quantize_scale_rows", "512");
        assertThat(Files.readString(quantized.directory().resolve("README.md")))
                .contains("Its linear layers multiply 8-bit integers");
        assertThat(out).contains("validation accuracy: float32 0.").contains("model bundle " + quantized.version());
    }

    @Test
    void measuresWhatItAnswersItself() {
        Map<String, Double> metrics = quantized.manifest().metrics();
        double before = source.manifest().metrics().get("validation_accuracy");

        assertThat(metrics.get("int8_accuracy_points_lost"))
                .isCloseTo(100 * (before - metrics.get("validation_accuracy")), within(1e-9));
        assertThat(metrics.get("int8_same_category")).isBetween(0.95, 1.0);
        assertThat(quantized.manifest().training().intervals()).containsKey("validation_accuracy");
        assertThat(quantized.manifest().targetPrecision())
                .isEqualTo(source.manifest().targetPrecision());
    }

    @Test
    void bothEnginesAnswerAlike() {
        EngineParity parity = ProbeScores.open(TestSession.get(), quantized).parity();

        assertThat(parity.isKept()).as("%s", parity).isTrue();
    }

    @Test
    void classifiesAsAnyBundle() {
        AisleRun run = AisleRun.succeeding(
                "classify",
                "--model",
                quantized.directory().toString(),
                "--input",
                TrainedBundle.catalog().toString(),
                "--engine",
                "onnx",
                "--run-id",
                "first",
                "--output",
                temporary.resolve("catalog").toString());

        assertThat(run.out()).contains("published run first");
    }

    /** The processor has no float16: ONNX Runtime computes in float32, with weights and states of float16. */
    @Test
    void makesABundleOfFloat16() throws IOException {
        AisleRun run = quantize(source.directory(), "float16", "--precision", "float16");
        ModelBundle float16 = ModelBundle.open(temporary.resolve("float16"));

        assertThat(run.out()).contains("float16 0.");
        assertThat(float16.network("test", "none").model().precision()).isEqualTo(Precision.FLOAT16);
        assertThat(float16.manifest().metrics().get("float16_same_category")).isBetween(0.99, 1.0);
        assertThat(float16.manifest().provenance().parameters()).doesNotContainKey("quantize_scale_rows");
        assertThat(Files.readString(float16.directory().resolve("README.md")))
                .contains("computes in float16, for GPUs");
        assertThat(Files.size(float16.directory().resolve("model.onnx")))
                .isLessThan(Files.size(source.directory().resolve("model.onnx")) * 6 / 10);
        EngineParity parity = ProbeScores.open(TestSession.get(), float16).parity();
        assertThat(parity.isKept()).as("%s", parity).isTrue();
    }

    @Test
    void refusesAPrecisionThatIsNone() {
        AisleRun run = quantize(source.directory(), "none", "--precision", "float32");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("quantize.precision: found float32, expected one of int8, float16");
    }

    @Test
    void refusesWhereMoreIsLostThanAllowed() {
        ModelBundle sensitive = sensitiveBundle();

        AisleRun run = quantize(sensitive.directory(), "refused");

        assertThat(run.exitCode()).as("%s", run).isEqualTo(4);
        assertThat(run.err()).contains("points of validation accuracy lost, expected at most 0.2");
        assertThat(temporary.resolve("refused")).doesNotExist();
    }

    /** Its second layers read a 1 whose weights are as large as what their biases take away: nothing in float32, and all there is in 8 bits. */
    private static ModelBundle sensitiveBundle() {
        BundleWriter writer = BundleWriter.write(
                temporary.resolve("sensitive"),
                source.manifest().model(),
                directory -> {
                    source.copyModel(directory);
                    Path file = directory.resolve("model.onnx");
                    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
                    for (TensorProto.Builder weight : model.getGraphBuilder().getInitializerBuilderList()) {
                        String name = weight.getName();
                        if (name.endsWith("sa_layer_norm.weight")) {
                            fill(weight, 1, 0);
                        } else if (name.endsWith("sa_layer_norm.bias")) {
                            fill(weight, 1, 1);
                        } else if (name.endsWith("lin1.weight_transposed")) {
                            fill(weight, Math.toIntExact(weight.getDims(1)), 1_000);
                        } else if (name.endsWith("lin1.bias")) {
                            fill(weight, Math.toIntExact(weight.getDims(0)), -1_000);
                        }
                    }
                    Files.write(file, model.build().toByteArray());
                },
                source.manifest().scaling());
        return writer.finish(source.manifest().provenance(), Map.of(), 0.5, 0.9);
    }

    private static void fill(TensorProto.Builder weight, int first, float value) {
        ByteBuffer bytes = ByteBuffer.wrap(weight.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < first; i++) {
            bytes.putFloat(i * Float.BYTES, value);
        }
        weight.setRawData(ByteString.copyFrom(bytes.array()));
    }

    @Test
    void refusesABundleThatIsInt8Already() {
        AisleRun run = quantize(quantized.directory(), "twice");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("found int8 already, expected float32");
    }

    private static AisleRun quantize(Path model, String name, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "quantize",
                "--model",
                model.toString(),
                "--data",
                TrainedBundle.prepared().toString(),
                "--output",
                temporary.resolve(name).toString()));
        arguments.addAll(List.of(options));
        return AisleRun.of(arguments.toArray(String[]::new));
    }
}
