package io.aisle.batch.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportJsonTest {
    @Test
    void cutsLongTextsWhereverTheyAreAndNothingElse() {
        String json = ReportJson.ofShortTexts(
                Map.of("rows", List.of(Map.of("label", "abcdefgh", "count", 123_456_789L), "abcd", "abc\uD83D\uDE00")),
                4);

        assertThat(json.replaceAll("\\s", ""))
                .contains("\"label\":\"abcd…\"")
                .contains("\"count\":123456789")
                .endsWith(",\"abcd\",\"abc…\"]}");
    }

    @Test
    void undefinedNumbersAreNull() {
        assertThat(ReportJson.orNull(Double.NaN)).isNull();
        assertThat(ReportJson.orNull(0.5)).isEqualTo(0.5);
    }
}
