package io.aisle.batch.evaluate;

import io.aisle.batch.storage.Directory;
import io.aisle.batch.storage.ModelLocation;
import io.aisle.batch.storage.ObjectStores;
import io.aisle.batch.storage.Pointer;
import io.aisle.core.RefusedException;
import io.aisle.core.UserException;
import io.aisle.core.storage.Current;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** A candidate on its way to become the champion of a directory of models. */
final class Promotion {
    private final Directory models;
    private final Directory candidate;
    private final Pointer pointer;

    private Promotion(Directory models, Directory candidate, Pointer pointer) {
        this.models = models;
        this.candidate = candidate;
        this.pointer = pointer;
    }

    /**
     * Reads who is champion now; only against that one can the candidate win.
     *
     * @param models directory of bundles; empty: the one that the candidate lies in
     * @param isSingleWriter see {@link ObjectStores#of}
     */
    static Promotion open(SparkSession spark, Optional<String> models, Directory candidate, boolean isSingleWriter) {
        Directory directory = models.map(uri -> Directory.of(spark, uri)).orElseGet(candidate::parent);
        if (!candidate.parent().uri().equals(directory.uri())) {
            throw new UserException("Cannot promote " + candidate.uri() + ": found it in "
                    + candidate.parent().uri() + ", expected it directly in " + directory.uri()
                    + ", whose CURRENT names bundles by their directory. Copy the bundle to "
                    + directory.child(candidate.name()) + ", and give that as --model.");
        }
        return new Promotion(directory, candidate, Pointer.read(ObjectStores.of(spark, directory, isSingleWriter)));
    }

    Optional<Directory> champion() {
        return ModelLocation.champion(models, pointer);
    }

    boolean isChampion() {
        return champion().map(Directory::name).equals(Optional.of(candidate.name()));
    }

    /** Makes the candidate the champion; refuses where another one became it meanwhile. */
    Current promote(GateReport report) {
        String reason = (pointer.current().isPresent() ? "gate: " : "first champion: ") + report.summary();
        return pointer.promote(candidate.name(), reason);
    }

    /**
     * Leaves an audit line, and gives what to throw.
     *
     * @param why which rules refused
     * @param advice what to do
     */
    RefusedException refused(String why, String advice) {
        pointer.refused(candidate.name(), why);
        return new RefusedException("Cannot promote " + candidate.name() + ": " + why + ". " + advice
                + champion()
                        .map(champion -> " The champion stays " + champion.name() + ".")
                        .orElse(" There is still no champion.")
                + " To promote all the same: aisle promote --models " + models.uri() + " --to " + candidate.name());
    }
}
