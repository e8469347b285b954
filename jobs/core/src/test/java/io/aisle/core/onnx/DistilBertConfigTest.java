package io.aisle.core.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.core.onnx.DistilBertConfig.Pooling;
import org.junit.jupiter.api.Test;

class DistilBertConfigTest {
    @Test
    void activationsAreThoseOfOneLayer() {
        DistilBertConfig small = new DistilBertConfig(100, 16, 4, 2, 2, 8, Pooling.CLS);
        // 4 bytes * 3 texts * (5 tokens * (6 * 4 + 2 * 8) + 3 * 2 heads * 25)
        assertThat(small.activationBytes(3, 5)).isEqualTo(4 * 3 * (5 * 40 + 150));

        DistilBertConfig base = new DistilBertConfig(30_522, 512, 768, 6, 12, 3_072, Pooling.CLS);
        assertThat(base.activationBytes(8, 512) >> 20).isEqualTo(456);
        assertThat(base.activationBytes(1_024, 512))
                .as("more than an int holds")
                .isGreaterThan(Integer.MAX_VALUE);
    }
}
