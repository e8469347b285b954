package io.aisle.batch.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.OneAnswer;
import io.aisle.batch.storage.S3Endpoint;
import java.io.IOException;
import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class ClockCheckTest {
    private static Finding look(String endpoint) {
        Configuration hadoop = new Configuration(false);
        hadoop.set("fs.s3a.endpoint", endpoint);
        return ClockCheck.ofService("clock", S3Endpoint.of(hadoop, "s3a://b/x").orElseThrow());
    }

    @Test
    void failsWhereTheClockOfS3IsTwentyMinutesBehind() throws IOException {
        try (OneAnswer service = OneAnswer.dated(Instant.now().minusSeconds(1_200))) {
            Finding finding = look(service.endpoint());

            assertThat(finding.verdict()).isEqualTo(Verdict.FAIL);
            assertThat(finding.found())
                    .matches("the clock of S3 is (1199|1200) s from the driver's, expected less than 300 s: .*");
        }
    }

    @Test
    void warnsWhereItIsTwoMinutesAhead() throws IOException {
        try (OneAnswer service = OneAnswer.dated(Instant.now().plusSeconds(120))) {
            assertThat(look(service.endpoint()).verdict()).isEqualTo(Verdict.WARN);
        }
    }

    @Test
    void cannotTellWithoutADateOrAnAnswer() throws IOException {
        String closed;
        try (OneAnswer service = OneAnswer.dateless()) {
            closed = service.endpoint();
            assertThat(look(closed)).isEqualTo(Finding.skip("clock", "the service sends no date"));
        }
        assertThat(look(closed)).isEqualTo(Finding.skip("clock", "no answer, which the check storage tells"));
    }
}
