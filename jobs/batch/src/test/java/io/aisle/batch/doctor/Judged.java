package io.aisle.batch.doctor;

import static org.assertj.core.api.Assertions.assertThat;

/** What a test expects a check to find. */
final class Judged {
    private Judged() {}

    static void assertOk(Finding finding, String found) {
        assertThat(finding).isEqualTo(new Finding(finding.name(), Verdict.OK, found, ""));
    }

    static void assertFinding(Finding finding, Verdict verdict, String found, String remedy) {
        assertThat(finding.verdict()).as("%s", finding).isEqualTo(verdict);
        assertThat(finding.found()).isEqualTo(found);
        assertThat(finding.remedy()).contains(remedy);
    }
}
