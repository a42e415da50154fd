namespace SagaFlow.Testing;

/// <summary>The temporary folder that a harness's database lies in.</summary>
internal sealed class HarnessFolder
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sagaflow-");

    public string Database => Path.Combine(_folder.FullName, "flow.db");

    public void Delete()
    {
        if (Directory.Exists(_folder.FullName))
        {
            _folder.Delete(recursive: true);
        }
    }
}
