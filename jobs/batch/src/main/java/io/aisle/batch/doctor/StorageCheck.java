package io.aisle.batch.doctor;

import io.aisle.batch.doctor.Place.Use;
import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.ObjectStores;
import io.aisle.batch.storage.PlaceProbe;
import io.aisle.batch.storage.S3Endpoint;
import io.aisle.core.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether each place of the job lets it read or write; and where it publishes, whether conditional writes are obeyed. The driver reads, or
 * writes a probe under a new name, reads and removes it; every executor reads what is to be read, and reaches what is to be written.
 */
final class StorageCheck implements Check {
    private static final String NAME = "storage";
    private static final String REMEDY =
            "Correct the path, or what the user " + System.getProperty("user.name") + " may do there.";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String subject() {
        return "each place of the job: readable from the driver and every executor, or writable (a probe is written and removed) and reached by all;"
                + " conditional writes where it publishes";
    }

    @Override
    public List<Finding> look(Examination examination) {
        List<Finding> findings = new ArrayList<>();
        for (Place place : examination.settings().places()) {
            String name = place.named(NAME);
            if (place.uri().isEmpty()) {
                findings.add(Finding.skip(name, "no --" + place.option() + " given"));
                continue;
            }
            try {
                String found = fromDriver(examination, place, place.uri().get());
                boolean isOnDisk = !examination.isLocal()
                        && PlaceProbe.of(examination.hadoop(), place.uri().get())
                                .isLocal();
                findings.add(fromExecutors(name, place, found, examination.executors(), isOnDisk));
            } catch (UserException e) {
                findings.add(Finding.fail(name, e, REMEDY));
            }
        }
        return findings;
    }

    private static String fromDriver(Examination examination, Place place, String uri) {
        // at once, where S3A would try for minutes
        S3Endpoint.of(examination.hadoop(), uri).ifPresent(S3Endpoint::ask);
        PlaceProbe probe = PlaceProbe.of(examination.hadoop(), uri);
        if (!place.use().isOutput()) {
            return uri + ": " + probe.read();
        }
        Directory directory = Directory.of(examination.spark(), uri);
        if (place.use() == Use.WRITE) {
            directory.requireAbsent("a result");
        }
        probe.write();
        if (place.use() == Use.WRITE) {
            return uri + ": writable";
        }
        ObjectStores.of(examination.spark(), directory, examination.settings().isSingleWriter());
        return uri + ": writable, "
                + (S3Endpoint.of(examination.hadoop(), uri).isEmpty()
                        ? "published by a lock file"
                        : examination.settings().isSingleWriter()
                                ? "published without conditional writes (--single-writer)"
                                : "conditional writes are obeyed");
    }

    /**
     * What the driver can use, and an executor may not.
     *
     * @param isOnDisk whether it is on a disk that executors may not share
     */
    static Finding fromExecutors(String name, Place place, String found, List<JvmFacts> executors, boolean isOnDisk) {
        String uri = place.uri().orElseThrow();
        for (JvmFacts executor : executors) {
            Map<String, String> failures = executor.unreachable();
            if (failures.containsKey(uri)) {
                return Finding.fail(
                        name,
                        new UserException(failures.get(uri) + " (" + executor.name() + " on " + executor.host() + ")"),
                        REMEDY);
            }
        }
        long hosts = executors.stream().map(JvmFacts::host).distinct().count();
        return isOnDisk && hosts > 1
                ? Finding.warn(
                        name,
                        found + ", on a disk, with executors on " + hosts
                                + " machines, expected a place that all of them share",
                        "Use hdfs:, s3a: or gs:, unless the directory is mounted from one server on every machine.")
                : Finding.ok(name, found);
    }
}
