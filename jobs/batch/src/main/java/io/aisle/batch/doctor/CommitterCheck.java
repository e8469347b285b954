package io.aisle.batch.doctor;

import io.aisle.batch.storage.Directory;
import io.aisle.core.UserException;
import java.util.ArrayList;
import java.util.List;

/** Whether Spark will write results as a whole: on S3 by one of S3A's committers. The same check that jobs start with. */
final class CommitterCheck implements Check {
    private static final String NAME = "committer";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String subject() {
        return "whether Spark writes the output as a whole: S3A's committers where it is on S3";
    }

    @Override
    public List<Finding> look(Examination examination) {
        List<Finding> findings = new ArrayList<>();
        for (Place place : examination.settings().places()) {
            if (!place.use().isOutput() || place.uri().isEmpty()) {
                continue;
            }
            Directory directory = Directory.of(examination.spark(), place.uri().get());
            try {
                directory.requireWholeCommit();
                findings.add(Finding.ok(
                        place.named(NAME),
                        directory.canRename()
                                ? "files are renamed into place, which this file system can do"
                                : examination.hadoop().get("fs.s3a.committer.name") + ", of S3A"));
            } catch (UserException e) {
                findings.add(
                        Finding.fail(place.named(NAME), e, "Set what conf/spark-defaults.conf sets under \"S3\"."));
            }
        }
        return findings.isEmpty() ? List.of(Finding.skip(NAME, "no output given")) : findings;
    }
}
