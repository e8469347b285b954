package io.aisle.batch.doctor;

import io.aisle.batch.storage.Directory;
import io.aisle.core.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/** Whether Spark will write results as a whole: on S3 by one of S3A's committers. The same check that jobs start with. */
final class CommitterCheck implements Check {
    private static final String NAME = "committer";
    private static final Set<String> OBJECT_STORES =
            Set.of("gs", "s3", "s3n", "abfs", "abfss", "wasb", "wasbs", "oss", "cosn");

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
                findings.add(
                        directory.canRename()
                                ? renaming(
                                        place.named(NAME),
                                        directory.path().toUri().getScheme(),
                                        examination.hadoop())
                                : Finding.ok(
                                        place.named(NAME),
                                        examination.hadoop().get("fs.s3a.committer.name") + ", of S3A"));
            } catch (UserException e) {
                findings.add(
                        Finding.fail(place.named(NAME), e, "Set what conf/spark-defaults.conf sets under \"S3\"."));
            }
        }
        return findings.isEmpty() ? List.of(Finding.skip(NAME, "no output given")) : findings;
    }

    /** Of a file system that the jobs let Spark rename on: a disk and HDFS do it in one step, other object stores file by file. */
    static Finding renaming(String name, String scheme, Configuration hadoop) {
        String factory = hadoop.get("mapreduce.outputcommitter.factory.scheme." + scheme, "");
        if (factory.endsWith(".ManifestCommitterFactory")) {
            return Finding.ok(name, "the manifest committer renames files into place");
        }
        return OBJECT_STORES.contains(scheme)
                ? Finding.warn(
                        name,
                        "files on " + scheme
                                + ": are renamed into place one by one, expected a committer for object stores",
                        scheme.equals("gs")
                                ? "Set Hadoop's manifest committer, as conf/dataproc/spark.properties does."
                                : "Write to s3a:, with what conf/spark-defaults.conf sets under \"S3\".")
                : Finding.ok(name, "files are renamed into place, which this file system can do");
    }
}
