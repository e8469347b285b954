package io.aisle.batch.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void putsTheFirstColumnLeftAndTheOthersRight() {
        assertThat(new TextTable("rows", "", "share")
                        .row("train", "1,000", "0.8")
                        .row("x", "7", "")
                        .toString())
                .isEqualTo("""
                        rows          share
                        train  1,000    0.8
                        x          7
                        """);
    }
}
