package io.aisle.bench;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.aisle.batch.BaseSizeBundle;
import io.aisle.batch.Flops;
import io.aisle.bench.OperatorProfile.Kind;
import io.aisle.core.onnx.DistilBertConfig;
import io.aisle.core.onnx.DistilBertConfig.Pooling;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import io.aisle.core.text.WordPieceTokenizer;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkBenchTest {
    /** A token of a layer: four projections of 2 x 2, two of 2 x 3, and scores and a mixture of 2 with each of 5 tokens. */
    @Test
    void countsTheMatrixProductsOfRealTokens() {
        DistilBertConfig config = new DistilBertConfig(10, 8, 2, 3, 1, 3, Pooling.CLS);

        assertThat(Flops.ofText(config, 5)).isEqualTo(2.0 * 3 * 5 * (4 * 4 + 2 * 6 + 2 * 10));
    }

    @Test
    void hasTextsOfTheLengthsAskedForOnceTheyAreCut() {
        Quantiles quantiles = new Quantiles(List.of(0.0, 1.0), List.of(17, 200));
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(BaseSizeBundle.vocabulary());
        List<Product> products = NumberTexts.products(quantiles, 128, 40, 1);

        assertThat(products)
                .extracting(product ->
                        TextRecipe.standard().fit(product, tokenizer, 128).ids().length)
                .containsExactlyElementsOf(quantiles.draw(40, 1).stream()
                        .map(tokens -> Math.min(tokens, 128))
                        .toList());
        assertThat(products)
                .allSatisfy(product -> assertThat(tokenizer.encode(product.title()))
                        .doesNotContain(tokenizer.vocabulary().unknownId()));
    }

    @ParameterizedTest
    @EnumSource
    void multipliesMatricesOfTheShape(MatrixProduct product) throws OrtException {
        Map<String, OnnxTensor> input = product.input(3, 4);
        try (OrtSession session = product.open(3, 4, 5, 1);
                OrtSession.Result result = session.run(input)) {
            assertThat(((OnnxTensor) result.get(0)).getInfo().getShape()).containsExactly(3, 5);
        } finally {
            input.values().forEach(OnnxTensor::close);
        }
    }

    @Test
    void answersInOrderWhoeverAnswers() {
        try (Callers callers = new Callers(3)) {
            List<Integer> questions = IntStream.range(0, 8).boxed().toList();

            assertThat(callers.ask(part -> part.stream().map(i -> i * i).toList(), questions))
                    .containsExactly(0, 1, 4, 9, 16, 25, 36, 49);
        }
    }

    @Test
    void knowsOperatorsByWhatTheyAre() {
        assertThat(List.of("FusedMatMul", "MatMulIntegerToFloat", "Gemm")).allMatch(of(Kind.MATRIX_PRODUCT));
        assertThat(List.of("Softmax", "LogSoftmax")).allMatch(of(Kind.SOFTMAX));
        assertThat(List.of("Erf", "BiasGelu")).allMatch(of(Kind.GELU));
        assertThat(List.of("LayerNormalization", "SkipLayerNormalization")).allMatch(of(Kind.LAYER_NORM));
        assertThat(List.of("Add", "Transpose", "Gather")).allMatch(of(Kind.OTHER));
    }

    private static Predicate<String> of(Kind kind) {
        return operator -> Kind.of(operator) == kind;
    }

    @Test
    void knowsAnAmdWithAvx512() {
        assertThat(Processor.isAmdWithAvx512("vendor_id\t: AuthenticAMD\nflags\t\t: fpu avx2 avx512f avx512dq\n"))
                .isTrue();
        assertThat(Processor.isAmdWithAvx512("vendor_id\t: AuthenticAMD\nflags\t\t: fpu avx2 sha\n"))
                .isFalse();
        assertThat(Processor.isAmdWithAvx512("vendor_id\t: GenuineIntel\nflags\t\t: fpu avx2 avx512f avx512dq\n"))
                .isFalse();
    }
}
